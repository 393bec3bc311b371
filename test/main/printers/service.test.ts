import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { isGantryError } from '../../../src/main/contract/error.ts'
import { freeName } from '../../../src/main/printers/names.ts'
import type { Printers } from '../../../src/main/printers/printers.ts'
import { drivers } from '../../../src/main/printers/registry.ts'
import { createPrinters } from '../../../src/main/printers/service.ts'
import { createOctoPrintSim, type OctoPrintSim } from '../../../src/main/printers/sim/octoprint.ts'
import { createSimPrinter, type SimPrinter } from '../../../src/main/printers/sim/sim-printer.ts'
import type { Store } from '../../../src/main/store/index.ts'
import { createFakeClock, type FakeClock } from '../../fakes/clock.ts'
import { createLogRecorder, type LogLine } from '../../fakes/log.ts'
import { openTestStore } from '../../fakes/store.ts'
import { settled, until } from './driver-kit.ts'
import { printFile } from './print-file.ts'

vi.setConfig({ testTimeout: 30_000 })
const apiKey = 'SECRET-key-77'
let clock: FakeClock
let store: Store
let sim: SimPrinter
let host: OctoPrintSim
let printers: Printers
let lines: LogLine[]
const running: Printers[] = []

function build(): Printers {
  const recorder = createLogRecorder()
  lines = recorder.lines
  let count = 0
  const built = createPrinters({
    clock,
    logger: () => recorder.log,
    store,
    secrets: {
      protect: text => Buffer.from(text).toString('base64'),
      reveal: text => Buffer.from(text, 'base64').toString(),
    },
    drivers,
    serial: { list: async () => [], open: () => Promise.reject(new Error('no ports')) },
    random: () => 0.5,
    uuid: () => `0000000${count++}-test-${clock.now()}`,
  })
  running.push(built)
  return built
}

beforeEach(async () => {
  clock = createFakeClock()
  store = await openTestStore(clock)
  sim = createSimPrinter({ clock })
  sim.addFile('cube.gcode', ';TIME:120\n')
  host = await createOctoPrintSim(sim, { apiKey })
  printers = build()
  await printers.start()
})
afterEach(async () => {
  for (const each of running.splice(0)) await each.stop()
  await host.stop()
})

const add = () =>
  printers.add({
    driver: 'octoprint',
    name: 'Desk',
    config: { url: host.url, apiKey },
    identity: 'octoprint:u1',
  })
const label = (id: string) => printers.get(id).snapshot.label
const runs = (id: string) =>
  until(clock, 'its job runs', () => printers.get(id).snapshot.job.state === 'running')
const becomes = (id: string, wanted: string, withinMs = 60_000) =>
  until(clock, `the printer is ${wanted}`, () => label(id) === wanted, withinMs)
const codeOf = async (promise: Promise<unknown>) => {
  const thrown = await settled(clock, promise).catch((error: unknown) => error)
  return isGantryError(thrown) ? thrown.code : String(thrown)
}

describe('printers in the room', () => {
  it('are kept with their key unreadable, and found again after a restart', async () => {
    const id = await add()
    await becomes(id, 'idle')
    const rows = JSON.stringify(store.all('SELECT * FROM printer', [], { parse: row => row }))
    expect(rows).toContain('Desk')
    expect(rows).not.toContain(apiKey)
    await settled(clock, printers.stop())
    printers = build()
    await printers.start()
    await becomes(id, 'idle')
    expect(JSON.stringify(lines)).not.toContain(apiKey)
  })

  it('print, end, and start nothing more until the bed is clear', async () => {
    const id = await add()
    await becomes(id, 'idle')
    await settled(clock, printers.begin(id, 'cube.gcode'))
    await becomes(id, 'printing', 200_000)
    await becomes(id, 'finished', 400_000)
    expect(printers.get(id).bedToClear).toBe(true)
    expect(await codeOf(printers.begin(id, 'cube.gcode'))).toBe('printer.bed-to-clear')
    printers.clearBed(id, 'owner')
    expect(label(id)).toBe('idle')
    await settled(clock, printers.begin(id, 'cube.gcode'))
    await runs(id)
  })

  it('start, delete and queue a file they list, and no other', async () => {
    const id = await add()
    await becomes(id, 'idle')
    const odd = ['none.gcode', '../../api/job', '/cube.gcode/..', 'cube.gcode\u0000']
    for (const path of odd) {
      const wanted = path.endsWith('\u0000') ? 'request.invalid' : 'file.unknown'
      expect([path, await codeOf(printers.begin(id, path))]).toEqual([path, wanted])
      const deleting = printers.perform(id, { kind: 'delete-file', path })
      expect([path, await codeOf(deleting)]).toEqual([path, wanted])
    }
    expect(sim.state()).toMatchObject({ machine: 'idle', files: [{ path: 'cube.gcode' }] })
    await settled(clock, printers.perform(id, { kind: 'delete-file', path: 'cube.gcode' }))
    expect(sim.state().files).toEqual([])
  })

  it('know a file again that was put on the printer a moment ago', async () => {
    const id = await add()
    await becomes(id, 'idle')
    await settled(clock, printers.listFiles(id, new AbortController().signal))
    sim.addFile('vase.gcode', ';TIME:120\n')
    await settled(clock, printers.begin(id, 'vase.gcode'))
    await becomes(id, 'preparing')
  })

  it('keep what was known when the line breaks, and take it up again by themselves', async () => {
    const id = await add()
    await becomes(id, 'idle')
    await settled(clock, printers.begin(id, 'cube.gcode'))
    await becomes(id, 'preparing')
    await host.cut()
    await becomes(id, 'offline')
    const { link, job, heaters } = printers.get(id).snapshot
    expect(link.reason).toMatch(/wire.closed|printer.offline/)
    expect(link.retryAt).toBeGreaterThan(clock.now())
    expect([job.state, heaters.length]).toEqual(['running', 2])
    await host.restore()
    await becomes(id, 'printing', 200_000)
  })

  it('do what they can and refuse the rest', async () => {
    const id = await add()
    expect(await codeOf(printers.perform(id, { kind: 'pause' }))).toBe('printer.offline')
    await becomes(id, 'idle')
    expect(await codeOf(printers.perform(id, { kind: 'run-macro', name: 'X' }))).toBe('printer.unsupported')
    expect(await codeOf(printers.perform('nobody', { kind: 'pause' }))).toBe('printer.unknown')
  })

  it('take a file with progress, one at a time, and print it', async () => {
    const id = await add()
    await becomes(id, 'idle')
    const file = printFile('part.gcode', ';TIME:60\n'.repeat(5_000))
    const sending = printers.send(id, file, true, new AbortController().signal)
    expect(await codeOf(printers.send(id, file, true, new AbortController().signal))).toBe('printer.busy')
    await settled(clock, sending)
    expect(printers.get(id).transfer).toBeUndefined()
    await runs(id)
    expect(printers.get(id).snapshot.job.path).toBe('part.gcode')
  })

  it('stop all at once in an emergency, while a file is on its way', async () => {
    const id = await add()
    await becomes(id, 'idle')
    const slow = printers.send(
      id,
      printFile('part.gcode', 'G1\n'.repeat(9_000)),
      false,
      new AbortController().signal,
    )
    const { stopped, failed } = await settled(clock, printers.stopAll())
    expect([stopped, failed]).toEqual([[id], []])
    expect(sim.state().machine).toBe('error')
    await settled(clock, slow)
  })

  it('are all named when everything is stopped, also those that were told nothing', async () => {
    const [octoprint, prusa, klipper, away] = [
      await add(),
      await printers.simulate('prusalink'),
      await printers.simulate('moonraker'),
      await printers.simulate('prusalink', 'Away'),
    ]
    for (const id of [octoprint, prusa, klipper, away]) await becomes(id, 'idle')
    await printers.breakSimulated(away, 'cable')
    await becomes(away, 'offline', 200_000)
    const { stopped, failed, left } = await settled(clock, printers.stopAll())
    expect(failed).toEqual([])
    expect(new Set(stopped)).toEqual(new Set([octoprint, klipper]))
    expect(new Set(left)).toEqual(
      new Set([
        { id: prusa, why: 'idle' },
        { id: away, why: 'offline' },
      ]),
    )
    await becomes(octoprint, 'error')
    expect(printers.list().filter(({ bedToClear }) => bedToClear)).toEqual([])
    expect(await codeOf(printers.perform(prusa, { kind: 'emergency-stop' }))).toBe('printer.unsupported')
  })

  it('stop by cancelling the job where a make has no other stop', async () => {
    const id = await printers.simulate('prusalink')
    await becomes(id, 'idle')
    const [file] = await settled(clock, printers.listFiles(id, new AbortController().signal))
    await settled(clock, printers.begin(id, file?.path ?? ''))
    await until(clock, 'its job runs', () => printers.get(id).snapshot.job.state === 'running')
    expect((await settled(clock, printers.stopAll())).stopped).toEqual([id])
    await becomes(id, 'cancelled')
  })

  it('are followed to a new address', async () => {
    const id = await add()
    await becomes(id, 'idle')
    const before = printers.get(id).address
    await host.move()
    printers.moved(id, { url: host.url })
    await becomes(id, 'idle')
    expect(printers.get(id)).toMatchObject({ movedFrom: before })
    expect(printers.get(id).address).not.toBe(before)
  })

  it('are not added twice, and get names that tell them apart', async () => {
    const id = await add()
    expect(await codeOf(add())).toBe('store.conflict')
    expect(await codeOf(printers.add({ driver: 'octoprint', name: 'x', config: {} }))).toBe('request.invalid')
    const others = [
      await printers.simulate('moonraker', 'Desk'),
      await printers.simulate('prusalink', 'desk'),
    ]
    printers.rename(id, 'DESK 2')
    expect(new Set(printers.list().map(({ name }) => name.toLowerCase())).size).toBe(3)
    expect(others.every(other => printers.get(other).simulated)).toBe(true)
    expect(freeName('a', ['A', 'a 2'])).toBe('a 3')
  })

  it('can be simulated with one click, broken for practice, and forgotten', async () => {
    const id = await printers.simulate('moonraker')
    await becomes(id, 'idle')
    await printers.breakSimulated(id, 'thermal-runaway')
    await becomes(id, 'error')
    await printers.breakSimulated(id, 'cable')
    await becomes(id, 'offline')
    await settled(clock, printers.remove(id))
    expect(printers.list()).toEqual([])
    expect(store.all('SELECT id FROM printer', [], { parse: row => row })).toEqual([])
  })

  it('leave a history of temperatures and states', async () => {
    const id = await add()
    await becomes(id, 'idle')
    const startedAt = clock.now()
    await settled(clock, printers.perform(id, { kind: 'set-temperature', heater: 'nozzle0', targetC: 200 }))
    await until(clock, 'a while passes', () => clock.now() - startedAt > 120_000, 130_000)
    const series = printers.history.temperatures(id, startedAt, clock.now(), 600)
    const nozzle = series.find(({ id: heater }) => heater === 'nozzle0')
    expect(nozzle?.points.length).toBeGreaterThan(8)
    expect(nozzle?.points.at(-1)?.[2]).toBe(200)
    expect(
      printers.history.temperatures(id, startedAt, clock.now(), 3)[0]?.points.length,
    ).toBeLessThanOrEqual(4)
    const labels = printers.history.states(id, 0, clock.now()).map(each => each.label)
    expect(labels.at(-1)).toBe('idle')
  })
})
