import { hostname } from 'node:os'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { prusalink } from '../../src/main/printers/drivers/prusalink/index.ts'
import { createDriverBench, refusal } from './driver-bench.ts'
import { createPrusaLinkServer, type PrusaLinkServer, person } from './prusalink-server.ts'
import { createRecorder } from './recorder.ts'
import { expectRunNames } from './run-names.ts'
import type { WatchedSession } from './watched-session.ts'

const short = 'G28\nM104 S60\nG1 X10 Y10 F6000\nG1 X20 E1\n'
/** The firmware dwells in earnest, so this one runs long enough to be paused and stopped. */
const long = `G28\n${'G1 X10 Y10 F6000\nG4 P100\n'.repeat(1_500)}`

describe('a real PrusaLink', () => {
  const bench = createDriverBench(prusalink)
  const { context, upload } = bench
  let server: PrusaLinkServer

  const { username, password, apiKey } = person
  const config = () => ({ url: server.url, username, password, apiKey: '' })
  const ready = async (): Promise<WatchedSession> => {
    const watched = await bench.open(config())
    watched.session.focus?.(true)
    // It goes on saying how its last print ended for some seconds, and starts nothing meanwhile.
    await watched.next('machine', ({ state }) => state === 'idle')
    return watched
  }

  beforeAll(async () => {
    const python = process.env.GANTRY_PRUSALINK_PYTHON
    if (python === undefined) throw new Error('Run it by `npm run test:interop`, which brings PrusaLink.')
    server = await createPrusaLinkServer(python)
    await server.start()
    // It waits 8 s for the printer to boot, then asks it many things, its serial number among them. A session tells
    // what was known when it was opened.
    await vi.waitFor(
      async () => {
        const first = await bench.open(config())
        first.session.focus?.(true)
        await first.next('machine', ({ state }) => state === 'idle')
        const { device } = await first.next('device')
        await bench.tidy()
        expect(device.serialNumber).toBeDefined()
      },
      { timeout: 80_000, interval: 500 },
    )
  })
  afterEach(() => bench.tidy())
  afterAll(async () => {
    bench.end()
    await server?.remove()
  })

  it('is recognised by the way it asks for a password', async () => {
    const likeness = await prusalink.probe?.(server.url, context())
    expect(likeness).toMatchObject({ sure: 0.9, needs: 'credentials', config: { url: server.url } })
  })

  it('lets in the right password and no other', async () => {
    expect(await refusal(prusalink.open({ ...config(), password: 'Wrong-One-9' }, context()))).toBe(
      'printer.credentials',
    )
    expect(await refusal(prusalink.open({ ...config(), username: 'maker' }, context()))).toBe(
      'printer.credentials',
    )
    await ready()
    expect(JSON.stringify(bench.lines)).not.toContain(password)
  })

  it('lets in the right key and no other, without a password', async () => {
    const withKey = { url: server.url, username: '', password: '', apiKey }
    const watched = await bench.open(withKey)
    await watched.next('machine', ({ state }) => state === 'idle')
    expect(await refusal(prusalink.open({ ...withKey, apiKey: 'wrong' }, context()))).toBe(
      'printer.credentials',
    )
    expect(JSON.stringify([bench.lines, watched.events])).not.toContain(apiKey)
  })

  it('tells what it is, what it measures and what time it has', async () => {
    const watched = await ready()
    const { device } = await watched.next('device')
    expect(device).toMatchObject({
      productName: 'interop',
      hostName: hostname(),
      manufacturerName: 'Prusa Research',
      modelNumber: 'I3MK3S',
      serialNumber: 'CZPX1234X004XC12345',
      firmwareRevision: '3.14.0-8000',
      softwareRevision: '0.8.1',
    })
    const { heaters } = await watched.next('heaters')
    expect(heaters.map(({ id, actualC }) => [id, actualC])).toEqual([
      ['nozzle0', 24],
      ['bed', 24],
    ])
    const { at, deviceAt } = await watched.next('clock')
    expect(Math.abs(at - deviceAt)).toBeLessThan(5_000)
  })

  it('takes a file, lists it, prints it to its end and lets it be deleted', async () => {
    const watched = await ready()
    const uploaded = await upload(watched, 'Würfel <b>1</b>.GCODE', short)
    const listed = await bench.list(watched)
    expect(listed.find(({ path }) => path === uploaded.path)).toMatchObject({ sizeBytes: short.length })
    await watched.session.begin({ from: 'printer', path: uploaded.path })
    const { job } = await watched.next('job', each => each.job.state === 'done')
    expect(job.progress).toBe(1)
    await watched.next('machine', ({ state }) => state === 'finished')
    expect(server.mk3.executed).toContain('G1 X20 E1')
    await watched.next('heaters', ({ heaters }) => heaters.some(({ actualC = 0 }) => actualC > 50))
    await watched.session.perform({ kind: 'delete-file', path: uploaded.path })
    // It notices a moment later that the file is gone.
    const paths = async () => (await bench.list(watched)).map(({ path }) => path)
    await expect.poll(paths, { timeout: 10_000 }).not.toContain(uploaded.path)
  })

  it('is recorded while it prints, for the tests that replay it', async () => {
    const recorder = await createRecorder('prusalink', 'PrusaLink 0.8.1', server.url)
    const watched = await bench.open({ ...config(), url: recorder.url })
    watched.session.focus?.(true)
    await watched.next('machine', ({ state }) => state === 'idle')
    const { path } = await upload(
      watched,
      'recorded.gcode',
      `G28\n${'G1 X10 Y10 F6000\nG4 P100\n'.repeat(60)}`,
    )
    watched.mark()
    await watched.session.begin({ from: 'printer', path })
    await watched.next('machine', ({ state }) => state === 'printing')
    await watched.next('job', each => each.job.state === 'done')
    await watched.next('machine', ({ state }) => state === 'idle')
    recorder.save('A short print from its start to its end.', {
      machine: ['finished', 'idle', 'printing', 'finished', 'idle'],
      job: ['done', 'none', 'running', 'done', 'none'],
    })
    await watched.session.close()
    await recorder.stop()
  })

  it('pauses, goes on and cancels, and the job is cancelled, never done', async () => {
    const watched = await ready()
    const { session } = watched
    const { path } = await upload(watched, 'long.gcode', long)
    watched.mark()
    await session.begin({ from: 'printer', path })
    await watched.next('machine', ({ state }) => state === 'printing')
    const { job: named } = await watched.next(
      'job',
      ({ job }) => job.state === 'running' && job.path !== undefined,
    )
    expect(named.path).toBe(path)
    expect(await refusal(session.begin({ from: 'printer', path }))).toBe('printer.busy')
    await session.perform({ kind: 'pause' })
    await watched.next('machine', ({ state }) => state === 'paused')
    await watched.next('job', ({ job }) => job.state === 'paused')
    watched.mark()
    await session.perform({ kind: 'resume' })
    await watched.next('machine', ({ state }) => state === 'printing')
    await session.perform({ kind: 'cancel' })
    const { job } = await watched.next('job', each => each.job.state === 'cancelled')
    expect(job.path).toBe(path)
    const told = watched.events.flatMap(event => (event.kind === 'job' ? [event.job] : []))
    expect(told.some(each => each.state === 'done' && each.path === path)).toBe(false)
    expect(await refusal(session.perform({ kind: 'pause' }))).toBe('printer.not-printing')
  })

  it('names a run by its job, the same to whoever connects and another when the file is printed again', async () => {
    await expectRunNames({
      ready,
      open: () => bench.open(config()),
      put: async watched => (await upload(watched, 'named run.gcode', long)).path,
    })
  })

  it('takes names in every script, and lists what lies in folders', async () => {
    const watched = await ready()
    const paths: string[] = []
    for (const name of ['部品一.gcode', '部品二.gcode', '50%.gcode'])
      paths.push((await upload(watched, name, short)).path)
    expect(new Set(paths).size).toBe(3)
    const listed = (await bench.list(watched)).map(({ path }) => path)
    for (const path of paths) expect(listed).toContain(path)
    for (const path of paths) await watched.session.perform({ kind: 'delete-file', path })
  })

  it('tells that the printer waits for a person', async () => {
    const watched = await ready()
    server.mk3.wait(true)
    await watched.next('machine', ({ state }) => state === 'attention')
    await watched.next('fault', ({ fault }) => fault.recoverBy === 'panel')
    watched.mark()
    server.mk3.wait(false)
    await watched.next('fault-cleared')
  })

  it('says so of a file that is gone and of what it cannot do', async () => {
    const watched = await ready()
    expect(await refusal(watched.session.begin({ from: 'printer', path: '/local/none.gcode' }))).toBe(
      'file.unknown',
    )
    expect(await refusal(watched.session.perform({ kind: 'emergency-stop' }))).toBe('printer.unsupported')
  })

  it('ends the session with a reason when it goes', async () => {
    const watched = await ready()
    await server.stop()
    const { reason } = await watched.next('ended')
    expect(['printer.offline', 'wire.closed', 'wire.timeout']).toContain(reason.code)
    expect(await refusal(prusalink.open(config(), context()))).toBe('printer.offline')
  })
})
