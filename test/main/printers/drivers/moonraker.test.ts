import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { isGantryError } from '../../../../src/main/contract/error.ts'
import { moonraker } from '../../../../src/main/printers/drivers/moonraker/index.ts'
import { createMoonrakerSim, type MoonrakerSim } from '../../../../src/main/printers/sim/moonraker.ts'
import { createSimPrinter, type SimPrinter } from '../../../../src/main/printers/sim/sim-printer.ts'
import type { FakeClock } from '../../../fakes/clock.ts'
import { type Bench, createBench, driverKit, settled, until } from '../driver-kit.ts'
import { printFile } from '../print-file.ts'
import { peerOf } from '../sim-peer.ts'

const apiKey = 'c0ffee00c0ffee00c0ffee00c0ffee00'
let sim: SimPrinter
let host: MoonrakerSim

const options = {
  driver: moonraker,
  async createPeer(clock: FakeClock) {
    sim = createSimPrinter({ clock })
    sim.addFile('cube.gcode', ';TIME:300\n;LAYER_COUNT:30\n')
    host = await createMoonrakerSim(sim, { apiKey })
    return peerOf(host, { apiKey })
  },
}

driverKit(options)

describe('Moonraker', () => {
  let bench: Bench
  beforeEach(async () => {
    bench = await createBench(options)
  })
  afterEach(async () => bench.end())

  it('prints a file to its end, with layers and time left', async () => {
    const watched = await bench.open()
    await settled(bench.clock, watched.session.begin({ from: 'printer', path: 'cube.gcode' }))
    await watched.next('machine', ({ state }) => state === 'preparing')
    await watched.next('machine', ({ state }) => state === 'printing', 200_000)
    const half = await watched.next('job', ({ job }) => (job.progress ?? 0) > 0.5, 400_000)
    expect(half.job).toMatchObject({ layers: 30, state: 'running' })
    expect(half.job.layer).toBeGreaterThan(14)
    expect(half.job.remainingS).toBeLessThan(160)
    await watched.next('job', ({ job }) => job.state === 'done' && job.progress === 1, 600_000)
    await watched.next('machine', ({ state }) => state === 'idle')
  })

  it('opens while Klipper is away, and tells everything of it when it comes, told or not', async () => {
    host.klippy('disconnected')
    const watched = await bench.open()
    await watched.next('machine', ({ state }) => state === 'offline')
    expect((await watched.next('device')).device.hostName).toBeUndefined()
    host.returnSilently()
    await watched.next('machine', ({ state }) => state === 'idle')
    const { device } = await watched.next('device', each => each.device.hostName !== undefined)
    expect(device.hostName).toBe('simulated-klipper')
    expect(device.productName).toBeUndefined()
  })

  it('says file.unknown of a file that is gone, which Moonraker words like a missing method', async () => {
    const { session } = await bench.open()
    const thrown = await settled(
      bench.clock,
      session.perform({ kind: 'delete-file', path: 'none.gcode' }),
    ).catch((error: unknown) => error)
    expect(isGantryError(thrown, 'file.unknown')).toBe(true)
  })

  it('throws its cache away when Klipper restarts, and trusts only a full report', async () => {
    const watched = await bench.open()
    await settled(
      bench.clock,
      watched.session.perform({ kind: 'set-temperature', heater: 'bed', targetC: 60 }),
    )
    await watched.next('heaters', ({ heaters }) =>
      heaters.some(({ id, targetC }) => id === 'bed' && targetC === 60),
    )
    host.klippy('disconnected')
    await watched.next('machine', ({ state }) => state === 'offline')
    const heard = watched.events.length
    host.notify('notify_status_update', [{ heater_bed: { temperature: 300 } }, 99_999])
    await bench.clock.advance(500)
    expect(watched.events.slice(heard).some(({ kind }) => kind === 'heaters')).toBe(false)
    host.klippy('ready')
    await watched.next('machine', ({ state }) => state === 'idle')
    await watched.next('heaters', ({ heaters }) => heaters.length >= 2)
  })

  it('leaves out an update from the past', async () => {
    const watched = await bench.open()
    await watched.next('heaters')
    host.notify('notify_status_update', [{ extruder: { temperature: 250 } }, 3])
    await until(bench.clock, 'a little time passes', passesFor(bench, 1_000))
    const heard = watched.events.flatMap(event => (event.kind === 'heaters' ? event.heaters : []))
    expect(heard.some(({ actualC }) => actualC === 250)).toBe(false)
  })

  it('says nothing about a temperature that cannot be true', async () => {
    const watched = await bench.open()
    for (const temperature of [null, 'NaN', -273.1, 2000, 99_999]) {
      host.notify('notify_status_update', [{ extruder: { temperature } }, 1e9])
    }
    await watched.next('heaters', ({ heaters }) =>
      heaters.some(({ id, actualC }) => id === 'nozzle0' && actualC === undefined),
    )
    const heard = watched.events.flatMap(event => (event.kind === 'heaters' ? event.heaters : []))
    for (const { actualC } of heard) if (actualC !== undefined) expect(Math.abs(actualC)).toBeLessThan(1000)
  })

  it('stops Klipper itself in an emergency and brings it back when asked', async () => {
    const watched = await bench.open()
    await settled(bench.clock, watched.session.begin({ from: 'printer', path: 'cube.gcode' }))
    await settled(bench.clock, watched.session.perform({ kind: 'emergency-stop' }))
    await watched.next('machine', ({ state }) => state === 'error')
    await watched.next('fault', ({ fault }) => fault.class === 'user-stop' && fault.recoverBy === 'restart')
    watched.mark()
    await settled(bench.clock, watched.session.perform({ kind: 'restart-machine' }))
    await watched.next('machine', ({ state }) => state === 'idle')
    await watched.next('fault-cleared')
  })

  it('takes a refused command in the middle of a print for what it is', async () => {
    const watched = await bench.open()
    await settled(bench.clock, watched.session.begin({ from: 'printer', path: 'cube.gcode' }))
    await watched.next('machine', ({ state }) => state === 'printing', 200_000)
    watched.mark()
    host.notify('notify_gcode_response', ['!! Move out of range: 250.000 0.000 5.000 [0.000]'])
    const { fault } = await watched.next('fault')
    expect(fault).toMatchObject({ class: 'motion', severity: 'warning', recoverBy: 'clear' })
    const { job } = await watched.next('job', each => each.job.state === 'done', 600_000)
    expect(job).toMatchObject({ path: 'cube.gcode' })
    expect(watched.events.some(event => event.kind === 'machine' && event.state === 'error')).toBe(false)
  })

  it('calls a print that a command ended failed, and Klipper ready for the next', async () => {
    const watched = await bench.open()
    await settled(bench.clock, watched.session.begin({ from: 'printer', path: 'cube.gcode' }))
    await watched.next('job', ({ job }) => job.state === 'running')
    const message = 'Must home axis first: 10.000 10.000 5.000 [0.000]'
    const idle_timeout = { state: 'Ready' }
    host.notify('notify_status_update', [{ print_stats: { state: 'error', message }, idle_timeout }, 1e9])
    await watched.next('job', ({ job }) => job.state === 'failed')
    await watched.next('machine', ({ state, text }) => state === 'idle' && text === message)
    const { fault } = await watched.next('fault')
    expect(fault).toMatchObject({ class: 'motion', severity: 'error', text: message })
  })

  it('a print that ended with Klipper failed, and stays the run it was', async () => {
    const watched = await bench.open()
    await settled(bench.clock, watched.session.begin({ from: 'printer', path: 'cube.gcode' }))
    const { job } = await watched.next('job', each => each.job.state === 'running')
    await settled(bench.clock, watched.session.perform({ kind: 'emergency-stop' }))
    const { job: failed } = await watched.next('job', each => each.job.state === 'failed')
    expect(failed).toMatchObject({ path: 'cube.gcode', run: job.run })
    watched.mark()
    await settled(bench.clock, watched.session.perform({ kind: 'restart-machine' }))
    await watched.next('machine', ({ state }) => state === 'idle')
    expect(watched.events.findLast(({ kind }) => kind === 'job')).toMatchObject({ job: { state: 'failed' } })
    await settled(bench.clock, watched.session.begin({ from: 'printer', path: 'cube.gcode' }))
    const { job: next } = await watched.next('job', each => each.job.state === 'running')
    expect(next.run).not.toBe(job.run)
  })

  it('a print that was on when Klipper went, and is not when it is back, failed', async () => {
    const watched = await bench.open()
    await settled(bench.clock, watched.session.begin({ from: 'printer', path: 'cube.gcode' }))
    await watched.next('job', ({ job }) => job.state === 'running')
    host.klippy('disconnected')
    await watched.next('machine', ({ state }) => state === 'offline')
    expect(watched.events.findLast(({ kind }) => kind === 'job')).toMatchObject({ job: { state: 'running' } })
    sim.act({ kind: 'reset' })
    host.klippy('ready')
    await watched.next('job', ({ job }) => job.state === 'failed')
  })

  it('believes Moonraker’s history where Klipper’s state was blank before it could be read', async () => {
    const watched = await bench.open()
    await settled(bench.clock, watched.session.begin({ from: 'printer', path: 'cube.gcode' }))
    const { job } = await watched.next('job', each => each.job.state === 'running')
    const told = { job_id: job.run, filename: 'cube.gcode', status: 'cancelled' }
    host.notify('notify_history_changed', [{ action: 'finished', job: told }])
    await watched.next('job', each => each.job.state === 'cancelled' && each.job.run === job.run)
  })

  it('says that a file is printing, not that the key is wrong, when it may not be replaced or deleted', async () => {
    const { session } = await bench.open()
    await settled(bench.clock, session.begin({ from: 'printer', path: 'cube.gcode' }))
    const file = printFile('cube.gcode', 'G28\n')
    const asks: readonly (() => unknown)[] = [
      () => session.put?.(file, () => {}, bench.shutdown.signal),
      () => session.perform({ kind: 'delete-file', path: 'cube.gcode' }),
    ]
    for (const ask of asks) {
      const thrown = await settled(bench.clock, Promise.resolve(ask())).catch((error: unknown) => error)
      expect(isGantryError(thrown, 'printer.busy')).toBe(true)
    }
  })

  it('tells of a thermal fault with its own words', async () => {
    const watched = await bench.open()
    sim.act({ kind: 'break', fault: 'thermal-runaway' })
    const { fault } = await watched.next('fault')
    expect(fault).toMatchObject({ class: 'heating-failed', severity: 'critical' })
    expect(fault.text).toContain('not heating')
  })

  it('waits for attention when filament runs out, and goes on when it is loaded', async () => {
    const watched = await bench.open()
    sim.act({ kind: 'break', fault: 'filament-runout', atProgress: 0.2 })
    await settled(bench.clock, watched.session.begin({ from: 'printer', path: 'cube.gcode' }))
    await watched.next('fault', ({ fault }) => fault.class === 'filament-runout', 400_000)
    await watched.next('machine', ({ state }) => state === 'attention')
    await settled(bench.clock, watched.session.perform({ kind: 'run-macro', name: 'LOAD_FILAMENT' }))
    await watched.next('fault-cleared', event => event.class === 'filament-runout')
    watched.mark()
    await settled(bench.clock, watched.session.perform({ kind: 'resume' }))
    await watched.next('machine', ({ state }) => state === 'printing')
  })

  it('keeps the printer’s own queue', async () => {
    const watched = await bench.open()
    await settled(bench.clock, watched.session.perform({ kind: 'enqueue', path: 'cube.gcode' }))
    const { queue } = await watched.next('queue', ({ queue }) => queue.length === 1)
    expect(queue[0]).toMatchObject({ order: 1, path: 'cube.gcode', status: 'Pending' })
    await settled(bench.clock, watched.session.perform({ kind: 'dequeue', id: queue[0]?.id ?? '' }))
    await watched.next('queue', ({ queue }) => queue.length === 0)
  })

  it('shows a dialog a macro opened, and answers it', async () => {
    const watched = await bench.open()
    for (const line of [
      '// action:prompt_begin Filament',
      '// action:prompt_text Is it loaded?',
      '// action:prompt_button Yes|M701|primary',
      '// action:prompt_show',
    ]) {
      host.notify('notify_gcode_response', [line])
    }
    const { prompt } = await watched.next('prompt', event => event.prompt !== undefined)
    expect(prompt).toMatchObject({ text: 'Filament\nIs it loaded?', buttons: ['Yes'] })
    sim.act({ kind: 'break', fault: 'filament-runout' })
    await settled(
      bench.clock,
      watched.session.perform({ kind: 'answer-prompt', promptId: 'prompt', button: 0 }),
    )
    expect(sim.state().filament).toBe(true)
    host.notify('notify_gcode_response', ['// action:prompt_end'])
    await watched.next('prompt', event => event.prompt === undefined)
  })

  it('uploads with its hash, so that damage is noticed', async () => {
    const { session } = await bench.open()
    const file = printFile('big part.gcode', 'G1 X1 Y1\n'.repeat(20_000))
    const uploaded = await settled(
      bench.clock,
      session.put?.(file, () => {}, bench.shutdown.signal) ?? Promise.reject(new Error('none')),
    )
    expect(uploaded).toMatchObject({ path: 'big part.gcode' })
    expect(sim.state().files.find(({ path }) => path === uploaded.path)?.sizeBytes).toBe(file.sizeBytes)
  })

  it('offers macros that are not private, and moves the head', async () => {
    const watched = await bench.open()
    expect(watched.session.can.macros).toEqual(['LOAD_FILAMENT'])
    await settled(bench.clock, watched.session.perform({ kind: 'jog', xMm: 12.5 }))
    await watched.next('position', ({ position }) => position.xMm === 12.5)
  })

  it('says what Klipper says when it is not ready', async () => {
    host.klippy('startup', 'Printer is not ready')
    const watched = await bench.open()
    const { text } = await watched.next('machine', event => event.text === 'Printer is not ready')
    expect(text).toBeDefined()
    host.klippy('ready')
    await watched.next('machine', ({ state }) => state === 'idle')
  })

  it('asks before it believes: nobody at this address is Moonraker', async () => {
    const asked = moonraker.probe?.(host.url, bench.context()) ?? Promise.resolve(undefined)
    expect(await settled(bench.clock, asked)).toMatchObject({ sure: 0.95, needs: 'credentials' })
    const thrown = await settled(
      bench.clock,
      moonraker.open({ url: `${host.url}/elsewhere`, apiKey }, bench.context()),
    ).catch((error: unknown) => error)
    expect(isGantryError(thrown, 'wire.malformed')).toBe(true)
  })

  it('will not open a Klipper board as a printer', () => {
    const likeness = moonraker.recognise({
      via: 'usb',
      path: '/dev/ttyACM0',
      vendorId: '1d50',
      productId: '614e',
    })
    expect(likeness?.sure).toBeLessThan(0)
    expect(likeness?.why.code).toBe('usb-klipper')
  })
})

function passesFor(bench: Bench, ms: number): () => boolean {
  const startedAt = bench.clock.elapsed()
  return () => bench.clock.elapsed() - startedAt >= ms
}
