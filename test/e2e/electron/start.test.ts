import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { electronSwitches } from '../../../scripts/bootstrap/launch.mjs'
import type { Screen } from '../../../scripts/testing/screen.mjs'
import { root, runtime } from '../harness/build.ts'
import { openDisplay } from '../harness/display.ts'
import { makeTempDir, type TempDir } from '../harness/temp-dir.ts'
import { environment } from '../harness/window.ts'

const switches = electronSwitches({ platform: process.platform, uid: process.getuid?.() })

let dir: TempDir
let display: Screen | undefined
let kill: () => Promise<unknown>

beforeEach(async () => {
  dir = await makeTempDir()
  kill = async () => {}
})
afterEach(async () => {
  await kill()
  display?.close()
  display = undefined
  await dir.remove()
})

/** Electron as a terminal starts it; without a display when none is given. */
function startElectron(args: readonly string[], shown?: Screen) {
  const { path, args: app } = runtime()
  const own = ['--disable-gpu', `--data-dir=${dir.path}`, '--https-port=0', '--no-discovery']
  const { DISPLAY: _, WAYLAND_DISPLAY: __, ...env } = environment()
  const child = spawn(path, [...app, ...switches, ...own, ...args], {
    cwd: root,
    env: { ...env, ...shown?.env },
  })
  let out = ''
  let errors = ''
  child.stdout.on('data', chunk => {
    out += chunk
  })
  child.stderr.on('data', chunk => {
    errors += chunk
  })
  const ended = once(child, 'close').then(([code]) => code as number | null)
  kill = () => {
    child.kill('SIGKILL')
    return ended
  }
  /** What is ours among what Chromium says. */
  const sentences = () => errors.split('\n').filter(line => line.startsWith('gantry: '))
  return { child, ended, out: () => out, sentences }
}

describe('Electron told to open no window', () => {
  it('needs no display, prints a link that signs in, and stops cleanly on a signal', async () => {
    const { child, ended, out } = startElectron(['--headless', '--port=0'])
    await expect.poll(out, { timeout: 20_000 }).toMatch(/#invitation=[\w-]{20,}\n/)
    const [url = ''] = /http:\/\/127\.0\.0\.1:\d+/.exec(out()) ?? []
    const answer = await fetch(`${url}/gotapi/availability`, { headers: { origin: url } })
    expect(await answer.json()).toMatchObject({ result: 0 })
    child.kill('SIGINT')
    expect(await ended).toBe(0)
  })
})

describe('a start that cannot be, in Electron', () => {
  async function takenPort() {
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    const address = other.address()
    return { other, port: typeof address === 'object' ? address?.port : undefined }
  }

  it('tells once that the port is taken, with its dialog open, and ends by a signal with 1', async () => {
    const { other, port } = await takenPort()
    display = await openDisplay()
    const { child, ended, sentences } = startElectron([`--port=${port}`], display)
    await expect.poll(sentences, { timeout: 20_000 }).toHaveLength(1)
    expect(sentences()[0]).toContain(`Port ${port} is held by`)
    child.kill('SIGTERM')
    expect(await ended).toBe(1)
    other.close()
  })

  it('ends by itself where nobody could see a dialog: the port is taken', async () => {
    const { other, port } = await takenPort()
    const { ended, sentences } = startElectron(['--headless', `--port=${port}`])
    expect(await ended).toBe(1)
    expect(sentences()).toEqual([expect.stringContaining(`Port ${port} is held by`)])
    other.close()
  })

  it('ends by itself where nobody could see a dialog: another Gantry holds the data', async () => {
    const first = startElectron(['--headless', '--port=0'])
    await expect.poll(first.out, { timeout: 20_000 }).toContain('#invitation=')
    const second = startElectron(['--headless', '--port=0'])
    expect(await second.ended).toBe(1)
    expect(second.sentences()).toEqual([expect.stringContaining('uses the data folder')])
    first.child.kill('SIGTERM')
    expect(await first.ended).toBe(0)
  })

  it('refuses a slip for one of its flags', async () => {
    const { ended, sentences } = startElectron(['--headless', '--prot=1'])
    expect(await ended).toBe(1)
    expect(sentences()[0]).toContain('Did you mean --port?')
  })
})

it.runIf(process.platform === 'linux')(
  'without a display and without --headless it says what to do, and does not fall over',
  async () => {
    const { ended, sentences } = startElectron(['--port=0'])
    expect(await ended).toBe(1)
    expect(sentences()).toEqual([
      'gantry: There is no display to open a window on (neither DISPLAY nor WAYLAND_DISPLAY is set). Start Gantry with --headless and open its dashboard in a browser.',
    ])
  },
)
