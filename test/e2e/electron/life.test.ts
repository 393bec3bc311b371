import { once } from 'node:events'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { startAgain } from '../harness/second-start.ts'
import { makeTempDir, type TempDir } from '../harness/temp-dir.ts'
import { type GantryWindow, openGantryWindow } from '../harness/window.ts'

let dir: TempDir
let open: GantryWindow[] = []

beforeEach(async () => {
  dir = await makeTempDir()
})
afterEach(async () => {
  for (const gantry of open) await gantry.close()
  open = []
  await dir.remove()
})

async function start(options: Parameters<typeof openGantryWindow>[0] = {}): Promise<GantryWindow> {
  const gantry = await openGantryWindow({ dataDir: dir.path, ...options })
  open.push(gantry)
  return gantry
}

const boundsOf = ({ app }: GantryWindow) =>
  app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getBounds())

it('a second start brings the window to the front, hands over its link and ends', async () => {
  const first = await start()
  await first.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.hide())
  const { code, said } = await startAgain(first, 'gotapi://start/x')
  expect([code, said]).toEqual([0, 'Gantry runs already: its window comes to the front.\n'])
  await expect
    .poll(() => first.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.isVisible()))
    .toBe(true)
  await expect.poll(() => readFile(join(dir.path, 'gantry.log'), 'utf8')).toMatch(/key|link/)
})

it('the window comes back where it was, unless no screen is there any more', async () => {
  const first = await start()
  await first.app.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows()[0]?.setBounds({ x: 60, y: 40, width: 900, height: 640 }),
  )
  await expect.poll(() => boundsOf(first)).toMatchObject({ width: 900, height: 640 })
  const kept = await boundsOf(first)
  await first.close()
  expect(await boundsOf(await start())).toEqual(kept)
  await open.at(-1)?.close()

  const file = join(dir.path, 'window.json')
  const state = JSON.parse(await readFile(file, 'utf8'))
  await writeFile(file, JSON.stringify({ ...state, bounds: { ...state.bounds, x: 20_000, y: 9_000 } }))
  expect((await boundsOf(await start()))?.x).toBeLessThan(1600)
})

it('a signal stops the engine cleanly: the lock is gone and the log says so', async () => {
  const gantry = await start()
  const ended = once(gantry.app.process(), 'exit')
  gantry.app.process().kill('SIGTERM')
  const [code] = await ended
  expect(code).toBe(0)
  const log = await readFile(join(dir.path, 'gantry.log'), 'utf8')
  expect(log).toContain('signal received, stopping')
  await expect(readFile(join(dir.path, 'gantry.lock'))).rejects.toThrow(/ENOENT/)
})

it('closing the window ends the program, engine first', async () => {
  const gantry = await start()
  const ended = once(gantry.app.process(), 'exit')
  await gantry.app.evaluate(
    ({ BrowserWindow }) => setTimeout(() => BrowserWindow.getAllWindows()[0]?.close(), 0) && 1,
  )
  const [code] = await ended
  expect(code).toBe(0)
  await expect(readFile(join(dir.path, 'gantry.lock'))).rejects.toThrow(/ENOENT/)
})

it('killed with -9, it starts again on the same folder', async () => {
  const first = await start()
  const ended = once(first.app.process(), 'exit')
  first.app.process().kill('SIGKILL')
  await ended
  const second = await start()
  expect(await second.page.evaluate(() => Reflect.has(window, 'gantry'))).toBe(true)
})
