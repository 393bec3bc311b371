import { describe, expect, it } from 'vitest'
import type { ChildExit } from '../../../src/main/lib/child-process.ts'
import { openChildPort } from '../../../src/main/plugin-host/child-port.ts'
import { defaultLimits } from '../../../src/main/plugin-host/limits.ts'
import { parseManifest } from '../../../src/main/plugin-host/manifest.ts'
import { createFakeChild } from '../../fakes/children.ts'
import { createFakeClock } from '../../fakes/clock.ts'
import { createLogRecorder } from '../../fakes/log.ts'

async function openPort() {
  const clock = createFakeClock()
  // Gantry has been running for a while.
  await clock.advance(90_000)
  const { log, lines } = createLogRecorder()
  const child = createFakeChild('/runner.js', { name: 'lamp' })
  const profiles = { light: { swagger: '2.0', info: { title: 'Light', version: '1' }, paths: {} } }
  const manifest = parseManifest(
    JSON.stringify({ id: 'lamp', name: 'Lamp', version: '1.0.0', main: 'plugin.mjs', profiles }),
    'lamp',
    [],
  )
  const processes = { fork: () => child }
  const deps = { processes, runner: '/runner.js', env: {}, clock, log, limits: defaultLimits }
  const port = openChildPort(deps, manifest, '/plugins/lamp')
  const printed = () =>
    lines.flatMap(({ sentence, fields }) => (sentence === 'plug-in prints' ? [fields.line] : []))
  return { clock, child, port, lines, printed }
}

describe('what a plug-in prints', () => {
  it('is logged line by line, however it is cut into pieces', async () => {
    const { child, printed } = await openPort()
    for (const piece of ['on', 'e\ntw', 'o\r\n', '\n  \n', 'thr', 'ee']) child.print(piece)
    expect(printed()).toEqual(['one', 'two'])
    child.print('\n')
    expect(printed()).toEqual(['one', 'two', 'three'])
  })

  it('is cut where a line is longer than anybody reads, and no endless line fills the memory', async () => {
    const { child, printed } = await openPort()
    child.print(`${'a'.repeat(501)}\n`)
    for (let turn = 0; turn < 3; turn += 1) child.print('b'.repeat(400))
    child.print('\n')
    expect(printed()).toEqual(['a'.repeat(500), 'b'.repeat(500)])
  })

  it('is left out beyond 120 lines a minute, and counted', async () => {
    const { child, printed, lines, clock } = await openPort()
    const tooMuch = () => lines.filter(({ sentence }) => sentence === 'a plug-in printed too much')
    child.print('x\n'.repeat(123))
    await clock.advance(59_999)
    child.print('y\n')
    expect(printed()).toHaveLength(120)
    expect(tooMuch()).toEqual([])
    await clock.advance(1)
    child.print('z\n')
    expect(printed().at(-1)).toBe('z')
    expect(tooMuch()).toMatchObject([{ fields: { dropped: 4 } }])
    child.print('z\n'.repeat(119))
    await clock.advance(60_000)
    child.print('z\n')
    expect(printed()).toHaveLength(241)
    expect(tooMuch()).toHaveLength(1)
  })
})

describe('the end of the process of a plug-in', () => {
  it.each<[Partial<ChildExit>, string]>([
    [{ signal: 'SIGSEGV' }, 'It was ended by SIGSEGV.'],
    [{}, 'It could not be started.'],
    [{ code: 0 }, 'It ended by itself.'],
    [{ code: 7 }, 'It stopped with code 7.'],
  ])('%o is told in words: %s', async (exit, reason) => {
    const { child, port } = await openPort()
    const told: string[] = []
    port.onClose(each => told.push(each))
    child.end(exit)
    expect(told).toEqual([reason])
  })

  it('is waited for when it was asked to end', async () => {
    const { child, port, clock } = await openPort()
    let isClosed = false
    const closing = port.close().then(() => {
      isClosed = true
    })
    expect(child.heard).toEqual([{ action: 'CLOSE' }])
    await clock.advance(1_999)
    expect([isClosed, child.wasKilled()]).toEqual([false, false])
    child.end({ code: 0 })
    await closing
    expect(clock.waiting()).toEqual([])
    await clock.advance(60_000)
    expect(child.wasKilled()).toBe(false)
  })

  it('is forced after two seconds', async () => {
    const { child, port, clock } = await openPort()
    const closing = port.close()
    await clock.advance(2_000)
    expect(child.wasKilled()).toBe(true)
    await closing
  })

  it('has come where it was gone already', async () => {
    const { child, port, clock } = await openPort()
    child.end({ code: 1 })
    await port.close()
    expect(clock.waiting()).toEqual([])
  })
})
