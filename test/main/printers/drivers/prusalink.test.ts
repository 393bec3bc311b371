import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { isGantryError } from '../../../../src/main/contract/error.ts'
import { prusalink } from '../../../../src/main/printers/drivers/prusalink/index.ts'
import { createPrusaLinkSim, type PrusaLinkSim } from '../../../../src/main/printers/sim/prusalink.ts'
import { createSimPrinter, type SimPrinter } from '../../../../src/main/printers/sim/sim-printer.ts'
import type { FakeClock } from '../../../fakes/clock.ts'
import { type Bench, createBench, driverKit, settled } from '../driver-kit.ts'
import { printFile } from '../print-file.ts'
import { peerOf } from '../sim-peer.ts'

const password = 'pw-7hQ2-prusa'
let sim: SimPrinter
let host: PrusaLinkSim

const options = {
  driver: prusalink,
  async createPeer(clock: FakeClock) {
    sim = createSimPrinter({ clock })
    sim.addFile('cube.gcode', ';TIME:300\n')
    host = await createPrusaLinkSim(sim, { password })
    return peerOf(host, { password })
  },
}

driverKit(options)

describe('PrusaLink', () => {
  let bench: Bench
  beforeEach(async () => {
    bench = await createBench(options)
  })
  afterEach(async () => bench.end())

  const cube = { from: 'printer', path: '/usb/cube.gcode' } as const

  it('prints a file to its end and keeps its name for the end', async () => {
    const watched = await bench.open()
    await settled(bench.clock, watched.session.begin(cube))
    await watched.next('machine', ({ state }) => state === 'preparing')
    await watched.next('machine', ({ state }) => state === 'printing', 200_000)
    const { job } = await watched.next('job', ({ job }) => job.state === 'done', 600_000)
    expect(job).toMatchObject({ name: 'cube.gcode', progress: 1 })
    await watched.next('machine', ({ state }) => state === 'finished')
  })

  it('never fails because a nonce grew old between two polls', async () => {
    const watched = await bench.open()
    for (let minute = 0; minute < 3; minute++) {
      watched.mark()
      await watched.next('heaters', () => true, 60_000)
    }
    expect(host.staleNonces()).toBeGreaterThan(1)
    expect(watched.events.some(({ kind }) => kind === 'ended')).toBe(false)
  })

  it('pauses and goes on; a cancelled job is cancelled', async () => {
    const watched = await bench.open()
    const { session } = watched
    session.focus?.(true)
    await settled(bench.clock, session.begin(cube))
    await watched.next('machine', ({ state }) => state === 'printing', 200_000)
    await settled(bench.clock, session.perform({ kind: 'pause' }))
    await watched.next('machine', ({ state }) => state === 'paused')
    watched.mark()
    await settled(bench.clock, session.perform({ kind: 'resume' }))
    await watched.next('machine', ({ state }) => state === 'printing')
    await settled(bench.clock, session.perform({ kind: 'cancel' }))
    await watched.next('job', ({ job }) => job.state === 'cancelled', 60_000)
    expect(watched.events.some(event => event.kind === 'job' && event.job.state === 'done')).toBe(false)
  })

  it('says who must come to the printer when filament ran out', async () => {
    const watched = await bench.open()
    sim.act({ kind: 'break', fault: 'filament-runout', atProgress: 0.3 })
    await settled(bench.clock, watched.session.begin(cube))
    const { fault } = await watched.next('fault', () => true, 400_000)
    expect(fault).toMatchObject({ class: 'filament-runout', recoverBy: 'panel' })
    await watched.next('machine', ({ state }) => state === 'attention')
  })

  it('calls a job that its printer broke off failed, not cancelled', async () => {
    const watched = await bench.open()
    await settled(bench.clock, watched.session.begin(cube))
    await watched.next('machine', ({ state }) => state === 'printing', 200_000)
    sim.act({ kind: 'break', fault: 'thermal-runaway' })
    const { job } = await watched.next('job', each => each.job.state === 'failed', 60_000)
    expect(job).toMatchObject({ name: 'cube.gcode' })
    expect(watched.events.some(event => event.kind === 'job' && event.job.state === 'cancelled')).toBe(false)
  })

  it('with a key needs no password, and says so when the key is wrong', async () => {
    const { url } = host
    const opened = settled(
      bench.clock,
      prusalink.open(prusalink.parseConfig({ url, apiKey: 'nope' }), bench.context()),
    )
    const thrown = await opened.catch((error: unknown) => error)
    expect(isGantryError(thrown, 'printer.credentials')).toBe(true)
    const without = await settled(
      bench.clock,
      prusalink.open(prusalink.parseConfig({ url }), bench.context()),
    ).catch((error: unknown) => error)
    expect(isGantryError(without, 'printer.credentials')).toBe(true)
    const watched = await bench.open({ url, apiKey: password })
    await watched.next('machine', ({ state }) => state === 'idle')
  })

  it('has no emergency stop and says so before anybody needs it', async () => {
    const { session } = await bench.open()
    expect(session.can.emergencyStop).toBe('none')
  })

  it('uploads behind a fresh nonce, so that a large body travels once', async () => {
    const { session } = await bench.open()
    await bench.clock.advance(9_000)
    const file = printFile('Teil Ä.gcode', 'G1 X1\n'.repeat(50_000))
    const sent: number[] = []
    const uploaded = await settled(
      bench.clock,
      session.put?.(file, bytes => sent.push(bytes), bench.shutdown.signal) ??
        Promise.reject(new Error('none')),
    )
    expect(sent.at(-1)).toBe(file.sizeBytes)
    expect(sent.filter(bytes => bytes === file.sizeBytes)).toHaveLength(1)
    const files = await settled(
      bench.clock,
      session.listFiles?.(bench.shutdown.signal) ?? Promise.resolve([]),
    )
    expect(files.map(({ path }) => path)).toContain(uploaded.path)
    await settled(bench.clock, session.perform({ kind: 'delete-file', path: uploaded.path }))
  })

  it('lists what lies in folders, so that it can be started and deleted', async () => {
    sim.addFile('Kunden/Müller GmbH/Halterung links.gcode', ';TIME:77\n')
    sim.addFile('Kunden/deckel.gcode', ';TIME:78\n')
    const { session } = await bench.open()
    const list = () => settled(bench.clock, session.listFiles?.(bench.shutdown.signal) ?? Promise.resolve([]))
    const listed = await list()
    expect(listed.map(({ name }) => name)).toEqual(['cube.gcode', 'deckel.gcode', 'Halterung links.gcode'])
    const { path = '' } = listed.find(({ name }) => name === 'Halterung links.gcode') ?? {}
    await settled(bench.clock, session.begin({ from: 'printer', path }))
    expect(sim.state().job?.file.durationS).toBe(77)
    const other = listed.find(({ name }) => name === 'deckel.gcode')?.path ?? ''
    await settled(bench.clock, session.perform({ kind: 'delete-file', path: other }))
    expect(await list()).toHaveLength(2)
  })

  it('asks for no more folders than a board bears', async () => {
    for (let folder = 0; folder < 300; folder++) sim.addFile(`f${folder}/a.gcode`, ';TIME:60\n')
    const { session } = await bench.open()
    const listed = await settled(
      bench.clock,
      session.listFiles?.(bench.shutdown.signal) ?? Promise.resolve([]),
      600_000,
    )
    expect(listed.length).toBe(200)
  })

  it('gives a name that differs from another only in case a file of its own', async () => {
    const { session } = await bench.open()
    const put = (name: string) =>
      settled(
        bench.clock,
        session.put?.(printFile(name, 'G28\n'), () => {}, bench.shutdown.signal) ??
          Promise.reject(new Error('none')),
      )
    const other = await put('CUBE.gcode')
    expect(other.path).not.toBe(cube.path)
    expect(sim.state().files).toHaveLength(2)
    expect((await put('CUBE.gcode')).path).toBe(other.path)
    expect(sim.state().files).toHaveLength(2)
  })

  it('says that nothing runs that could be paused', async () => {
    const { session } = await bench.open()
    const thrown = await settled(bench.clock, session.perform({ kind: 'pause' })).catch(
      (error: unknown) => error,
    )
    expect(isGantryError(thrown, 'printer.not-printing')).toBe(true)
  })

  it('knows PrusaLink by the way it asks for a password', async () => {
    const asked = prusalink.probe?.(host.url, bench.context()) ?? Promise.resolve(undefined)
    expect(await settled(bench.clock, asked)).toMatchObject({ sure: 0.9, needs: 'credentials' })
  })
})
