import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { isGantryError } from '../../../../src/main/contract/error.ts'
import { octoprint } from '../../../../src/main/printers/drivers/octoprint/index.ts'
import { createOctoPrintSim, type OctoPrintSim } from '../../../../src/main/printers/sim/octoprint.ts'
import { createSimPrinter, type SimPrinter } from '../../../../src/main/printers/sim/sim-printer.ts'
import type { FakeClock } from '../../../fakes/clock.ts'
import { type Bench, createBench, driverKit, settled, until } from '../driver-kit.ts'
import { printFile } from '../print-file.ts'
import { peerOf } from '../sim-peer.ts'

const apiKey = 'KEY-octo-5f1e'
let sim: SimPrinter
let host: OctoPrintSim

const options = {
  driver: octoprint,
  async createPeer(clock: FakeClock) {
    sim = createSimPrinter({ clock })
    sim.addFile('cube.gcode', ';TIME:300\n;LAYER_COUNT:30\n')
    host = await createOctoPrintSim(sim, { apiKey })
    return peerOf(host, { apiKey })
  },
}

driverKit(options)

describe('OctoPrint', () => {
  let bench: Bench
  beforeEach(async () => {
    bench = await createBench(options)
  })
  afterEach(async () => bench.end())

  it('prints a file to its end, told by OctoPrint’s own end marker', async () => {
    const watched = await bench.open()
    await settled(bench.clock, watched.session.begin({ from: 'printer', path: 'cube.gcode' }))
    await watched.next('machine', ({ state }) => state === 'preparing')
    await watched.next('machine', ({ state }) => state === 'printing', 200_000)
    await watched.next('job', ({ job }) => (job.progress ?? 0) > 0.4 && job.state === 'running', 400_000)
    const { job } = await watched.next('job', ({ job }) => job.state === 'done', 600_000)
    expect(job).toMatchObject({ path: 'cube.gcode', progress: 1 })
    await watched.next('machine', ({ state }) => state === 'idle')
  })

  it('pauses, goes on, and calls a cancelled job cancelled, not finished', async () => {
    const watched = await bench.open()
    const { session } = watched
    await settled(bench.clock, session.begin({ from: 'printer', path: 'cube.gcode' }))
    await watched.next('machine', ({ state }) => state === 'printing', 200_000)
    await settled(bench.clock, session.perform({ kind: 'pause' }))
    await watched.next('machine', ({ state }) => state === 'paused')
    watched.mark()
    await settled(bench.clock, session.perform({ kind: 'resume' }))
    await watched.next('machine', ({ state }) => state === 'printing')
    await settled(bench.clock, session.perform({ kind: 'cancel' }))
    await watched.next('job', ({ job }) => job.state === 'cancelled')
    await until(bench.clock, 'nothing runs', () => sim.state().machine === 'cancelled')
    expect(watched.events.some(event => event.kind === 'job' && event.job.state === 'done')).toBe(false)
  })

  it('says printer.busy when the printer cannot do it now', async () => {
    const { session } = await bench.open()
    const thrown = await settled(bench.clock, session.perform({ kind: 'pause' })).catch(
      (error: unknown) => error,
    )
    expect(isGantryError(thrown, 'printer.busy')).toBe(true)
  })

  it('tells that filament ran out while it prints', async () => {
    const watched = await bench.open()
    sim.act({ kind: 'break', fault: 'filament-runout', atProgress: 0.2 })
    await settled(bench.clock, watched.session.begin({ from: 'printer', path: 'cube.gcode' }))
    const { fault } = await watched.next('fault', () => true, 400_000)
    expect(fault).toMatchObject({ class: 'filament-runout', recoverBy: 'resume' })
    await watched.next('machine', ({ state }) => state === 'paused')
  })

  it('stops at once in an emergency, and calls the lost job failed', async () => {
    const watched = await bench.open()
    await settled(bench.clock, watched.session.begin({ from: 'printer', path: 'cube.gcode' }))
    await watched.next('machine', ({ state }) => state === 'preparing')
    await settled(bench.clock, watched.session.perform({ kind: 'emergency-stop' }))
    await watched.next('machine', ({ state }) => state === 'error')
    await watched.next('fault', ({ fault }) => fault.class === 'user-stop')
    expect(sim.state().nozzle.targetC).toBe(0)
    watched.mark()
    await watched.next('job', ({ job }) => job.state === 'failed' && job.path === 'cube.gcode')
    // Its poll is refused while the serial port is closed, which must not hide the fault.
    const polled = watched.events.length
    await until(bench.clock, 'it polls again', () => watched.events.length > polled + 20)
    expect(watched.events.findLast(event => event.kind === 'machine')).toMatchObject({ state: 'error' })
    await settled(bench.clock, watched.session.perform({ kind: 'restart-machine' }))
    await watched.next('machine', ({ state }) => state === 'idle')
  })

  it('an emergency stop of an idle printer ends no job: what was printed before is over already', async () => {
    const watched = await bench.open()
    await settled(bench.clock, watched.session.begin({ from: 'printer', path: 'cube.gcode' }))
    await watched.next('machine', ({ state }) => state === 'preparing')
    await settled(bench.clock, watched.session.perform({ kind: 'cancel' }))
    await watched.next('job', ({ job }) => job.state === 'cancelled')
    watched.mark()
    await settled(bench.clock, watched.session.perform({ kind: 'emergency-stop' }))
    await watched.next('fault', ({ fault }) => fault.class === 'user-stop')
    await watched.next('machine', ({ state }) => state === 'error')
    expect(watched.events.some(event => event.kind === 'job' && event.job.state === 'failed')).toBe(false)
    await settled(bench.clock, watched.session.perform({ kind: 'restart-machine' }))
    await watched.next('fault-cleared')
    await watched.next('machine', ({ state }) => state === 'idle')
  })

  it('tells one fault once, although OctoPrint makes an emergency stop after it', async () => {
    const watched = await bench.open()
    await settled(bench.clock, watched.session.begin({ from: 'printer', path: 'cube.gcode' }))
    await watched.next('machine', ({ state }) => state === 'preparing')
    sim.act({ kind: 'break', fault: 'thermal-runaway' })
    await watched.next('job', ({ job }) => job.state === 'failed')
    const faults = watched.events.flatMap(event => (event.kind === 'fault' ? [event.fault.class] : []))
    expect(faults).toEqual(['thermal-runaway'])
  })

  it('calls a print that was paused when its printer went failed, of which OctoPrint tells no end', async () => {
    const watched = await bench.open()
    await settled(bench.clock, watched.session.begin({ from: 'printer', path: 'cube.gcode' }))
    await watched.next('machine', ({ state }) => state === 'printing', 200_000)
    await settled(bench.clock, watched.session.perform({ kind: 'pause' }))
    await watched.next('machine', ({ state }) => state === 'paused')
    sim.act({ kind: 'break', fault: 'thermal-runaway' })
    await watched.next('job', ({ job }) => job.state === 'failed' && job.path === 'cube.gcode')
  })

  it('opened after a fault tells the fault, where OctoPrint alone would say that it is offline', async () => {
    sim.act({ kind: 'break', fault: 'thermal-runaway' })
    const watched = await bench.open()
    await watched.next('machine', ({ state }) => state === 'error')
    const { fault } = await watched.next('fault')
    expect(fault).toMatchObject({ class: 'thermal-runaway', text: 'Thermal Runaway, system stopped!' })
  })

  it('opened while its printer is only switched off tells no fault', async () => {
    host.connect(false)
    const watched = await bench.open()
    await watched.next('machine', ({ state }) => state === 'offline')
    expect(watched.events.some(({ kind }) => kind === 'fault')).toBe(false)
  })

  it('uploads with progress, lists, starts and deletes what it uploaded', async () => {
    const { session } = await bench.open()
    const sent: number[] = []
    const file = printFile('Würfel <b>1</b>.GCODE', ';TIME:60\nG28\n'.repeat(2_000))
    const uploaded = await settled(
      bench.clock,
      session.put?.(file, bytes => sent.push(bytes), bench.shutdown.signal) ??
        Promise.reject(new Error('none')),
    )
    expect(uploaded.path).toMatch(/^Würfel _b_1_b_-[0-9a-f]{8}\.gcode$/)
    expect(sent.at(-1)).toBe(file.sizeBytes)
    const listed = await settled(
      bench.clock,
      session.listFiles?.(bench.shutdown.signal) ?? Promise.resolve([]),
    )
    expect(listed.map(({ path }) => path)).toContain(uploaded.path)
    await settled(bench.clock, session.perform({ kind: 'delete-file', path: uploaded.path }))
    expect(sim.state().files.map(({ path }) => path)).not.toContain(uploaded.path)
  })

  it('keeps a file on the card apart from one of the same name on OctoPrint’s disk', async () => {
    const watched = await bench.open()
    const { session } = watched
    host.layOnCard('cube.gcode', ';TIME:3000\n')
    await watched.next('files-changed')
    const list = () => settled(bench.clock, session.listFiles?.(bench.shutdown.signal) ?? Promise.resolve([]))
    expect((await list()).map(({ path, name }) => [path, name])).toEqual([
      ['cube.gcode', 'cube.gcode'],
      ['sdcard:cube.gcode', 'cube.gcode (SD)'],
    ])
    await settled(bench.clock, session.begin({ from: 'printer', path: 'sdcard:cube.gcode' }))
    const { job } = await watched.next('job', each => each.job.state === 'running')
    expect(job).toMatchObject({ path: 'sdcard:cube.gcode' })
    expect(sim.state().job?.file).toMatchObject({ path: 'sdcard:cube.gcode', durationS: 3000 })
    await settled(bench.clock, session.perform({ kind: 'cancel' }))
    const { job: ended } = await watched.next('job', each => each.job.state === 'cancelled')
    expect(ended).toMatchObject({ path: 'sdcard:cube.gcode', run: job.run })
    watched.mark()
    await settled(bench.clock, session.perform({ kind: 'delete-file', path: 'sdcard:cube.gcode' }))
    await watched.next('files-changed')
    expect((await list()).map(({ path }) => path)).toEqual(['cube.gcode'])
  })

  it('counts the same file printed again from the card as another run', async () => {
    const watched = await bench.open()
    host.layOnCard('part.gco', ';TIME:60\n')
    await watched.next('files-changed')
    const runs: string[] = []
    for (let round = 0; round < 2; round++) {
      watched.mark()
      await settled(bench.clock, watched.session.begin({ from: 'printer', path: 'sdcard:part.gco' }))
      const { job } = await watched.next('job', each => each.job.state === 'running')
      if (job.state !== 'none') runs.push(job.run)
      await watched.next('job', each => each.job.state === 'done', 600_000)
    }
    expect(new Set(runs).size).toBe(2)
  })

  it('shows a host that lost its printer as offline, not as idle', async () => {
    const watched = await bench.open()
    host.connect(false)
    await watched.next('machine', ({ state }) => state === 'offline')
  })

  it('reads the host’s clock, so that its stamps come out in ours', async () => {
    host.setClock(-3_600_000)
    const watched = await bench.open()
    const { deviceAt, at } = await watched.next('clock')
    expect(Math.abs(deviceAt - at + 3_600_000)).toBeLessThan(1_000)
    const { heaters } = await watched.next('heaters', ({ heaters: [first] }) => first?.byPlugin === false)
    expect(Math.abs((heaters[0]?.at ?? 0) - bench.clock.now())).toBeLessThan(3_000)
  })

  it('leaves out an answer from the past, and follows a clock that was set back', async () => {
    const watched = await bench.open()
    await watched.next('clock')
    host.setClock(-60_000)
    await watched.next('clock', ({ deviceAt, at }) => deviceAt < at - 50_000)
  })

  it('gets a key when the owner says yes, and says so when they say no', async () => {
    const asking = octoprint.askForAccess?.({ url: host.url }, bench.context())
    await bench.clock.advance(2_500)
    host.decide(true)
    expect(await settled(bench.clock, asking ?? Promise.reject(new Error('none')))).toEqual({ apiKey })

    const again = octoprint.askForAccess?.({ url: host.url }, bench.context())
    const refused = settled(bench.clock, again ?? Promise.reject(new Error('none'))).catch(
      (error: unknown) => error,
    )
    await bench.clock.advance(1_500)
    await until(bench.clock, 'the second request is out', () => true)
    host.decide(false)
    expect(isGantryError(await refused, 'auth.denied')).toBe(true)
  })

  it('says so when it was asked for a key too often', async () => {
    for (let asked = 0; asked < 3; asked++)
      await fetch(`${host.url}/plugin/appkeys/request`, { method: 'POST', body: '{}' })
    const asking = octoprint.askForAccess?.({ url: host.url }, bench.context())
    const refused = settled(bench.clock, asking ?? Promise.reject(new Error('none'))).catch(
      (error: unknown) => error,
    )
    expect(isGantryError(await refused, 'auth.too-often')).toBe(true)
  })

  it('is sure of what it probed, and of nothing else', async () => {
    const likeness = await settled(
      bench.clock,
      octoprint.probe?.(host.url, bench.context()) ?? Promise.resolve(undefined),
    )
    expect(likeness).toMatchObject({ sure: 0.95, needs: 'credentials', config: { url: host.url } })
  })

  it('recognises its announcement, and doubts the one PrusaLink borrows', () => {
    const seen = { via: 'mdns', type: 'octoprint', name: 'OctoPrint instance "Desk"', port: 5000 } as const
    const place = { host: 'octopi.local', addresses: ['10.0.0.7'] }
    const own = octoprint.recognise({
      ...seen,
      ...place,
      txt: { version: '1.11.2', uuid: 'u-1', path: '/octo' },
    })
    expect(own).toMatchObject({
      identity: 'octoprint:u-1',
      config: { url: 'http://10.0.0.7:5000/octo' },
      name: 'Desk',
    })
    expect(own?.sure).toBeGreaterThan(0.9)
    expect(octoprint.recognise({ ...seen, ...place, txt: { path: '/' } })?.sure).toBeLessThan(0.5)
  })
})
