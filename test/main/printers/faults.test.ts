import { createServer, type Server } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { generate } from 'selfsigned'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { isGantryError } from '../../../src/main/contract/error.ts'
import type { SessionEvent } from '../../../src/main/printers/driver/driver.ts'
import { settled, type Watched } from './driver-kit.ts'
import { createFaultBench, createOnlooker, type FaultBench, type Make, makes, secret } from './fault-bench.ts'
import { printFile } from './print-file.ts'

const servers: Server[] = []
const listen = async (server: Server) => {
  servers.push(server)
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    await new Promise(resolve => server.close(resolve))
  }
})

const codeOf = async (bench: FaultBench, promise: Promise<unknown> | undefined, withinMs = 120_000) => {
  const thrown = await settled(bench.clock, Promise.resolve(promise), withinMs).then(
    () => undefined,
    (error: unknown) => error,
  )
  return isGantryError(thrown) ? thrown.code : thrown === undefined ? 'nothing' : String(thrown)
}
const opening = (bench: FaultBench, config: Readonly<Record<string, unknown>>) =>
  codeOf(bench, bench.make.driver.open(config, bench.context()))
const started = async (bench: FaultBench, name = 'cube.gcode'): Promise<Watched> => {
  const watched = await bench.open()
  watched.session.focus?.(true)
  await watched.next('machine', ({ state }) => state === 'idle')
  const files = await settled(
    bench.clock,
    watched.session.listFiles?.(bench.shutdown.signal) ?? Promise.resolve([]),
  )
  const path = files.find(file => file.name === name)?.path ?? name
  await settled(bench.clock, watched.session.begin({ from: 'printer', path }))
  await watched.next('machine', ({ state }) => state === 'printing', 200_000)
  await watched.next('job', ({ job }) => job.state === 'running' && job.name === name)
  return watched
}
const nozzleOf = (events: readonly SessionEvent[]) =>
  events.findLast(event => event.kind === 'heaters' && event.heaters.some(({ id }) => id === 'nozzle0'))
const isBroken = (code: string) => /^wire\.|^printer\.offline$/.test(code)
const jobsOf = (events: readonly SessionEvent[]) =>
  events.flatMap(event => (event.kind === 'job' ? [event.job.state] : []))

/**
 * Issue 4's bad input and the fault matrix of printer-protocols 13, one line for each: every make meets every one.
 * What has no meaning on a make's wire says so, so that none is left out by oversight.
 */
const faults: Readonly<Record<string, (bench: FaultBench) => Promise<void>>> = {
  async 'a wrong key'(bench) {
    expect(await opening(bench, { ...bench.config, ...bench.make.wrongKey })).toBe('printer.credentials')
  },
  async 'another kind of device at its address'(bench) {
    const port = await listen(createServer((_request, reply) => reply.end('<html>Router</html>')))
    expect(await opening(bench, { ...bench.config, url: `http://127.0.0.1:${port}` })).toBe('wire.malformed')
  },
  async 'a redirect to elsewhere, in the middle of a session'(bench) {
    const heard: unknown[] = []
    const port = await listen(
      createServer((request, reply) => {
        heard.push(request.headers)
        reply.end('{}')
      }),
    )
    const watched = await bench.open()
    await watched.next('machine')
    bench.meddler.replies(path => ({ status: 302, headers: { location: `http://127.0.0.1:${port}${path}` } }))
    const listing = watched.session.listFiles?.(bench.shutdown.signal)
    expect(await codeOf(bench, listing)).toBe('wire.redirected')
    await bench.passes(30_000)
    expect(heard).toEqual([])
  },
  async 'a certificate nobody signed'(bench) {
    const pem = await generate([{ name: 'commonName', value: 'printer.test' }])
    const port = await listen(createTlsServer({ key: pem.private, cert: pem.cert }))
    expect(await opening(bench, { ...bench.config, url: `https://127.0.0.1:${port}` })).toBe('wire.untrusted')
  },
  async 'half an answer'(bench) {
    const watched = await bench.open()
    await watched.next('machine')
    bench.meddler.replies((_path, body) => ({ status: 200, body, breakAfter: Math.floor(body.length / 2) }))
    bench.meddler.frames(message => JSON.stringify(message).slice(0, 40))
    expect(isBroken(await codeOf(bench, watched.session.listFiles?.(bench.shutdown.signal)))).toBe(true)
    const before = watched.events.length
    await bench.passes(20_000)
    const states = watched.events
      .slice(before)
      .flatMap(event => (event.kind === 'machine' ? [event.state] : []))
    expect(states.every(state => state === 'idle')).toBe(true)
  },
  async 'an answer of 10 MB'(bench) {
    const watched = await bench.open()
    await watched.next('machine')
    bench.meddler.replies((path, body) =>
      path.includes('files') ? { status: 200, body: ' '.repeat(10_000_000) } : body,
    )
    const listing = watched.session.listFiles?.(bench.shutdown.signal)
    expect(await codeOf(bench, listing)).toBe('wire.too-large')
  },
  async 'an answer from the past'(bench) {
    const { meddler, make } = bench
    // PrusaLink has no time of its own in its answers, only that of the server that gives them.
    let now = Date.UTC(2030, 5, 1, 12)
    const stamped = make.name === 'PrusaLink'
    const dated = (body: string) =>
      stamped ? { status: 200, headers: { date: new Date(now).toUTCString() }, body } : undefined
    let kept: string | undefined
    let frame: unknown
    meddler.replies((path, body) => (path.includes('status') ? dated(body) : undefined))
    meddler.frames(message => {
      if (kept === undefined && /"temps":\[\{|status_update.*extruder/.test(JSON.stringify(message)))
        frame ??= message
      return message
    })
    const watched = await bench.open()
    watched.session.focus?.(true)
    await settled(
      bench.clock,
      make.driver.can.temperatures
        ? watched.session.perform({ kind: 'set-temperature', heater: 'nozzle0', targetC: 200 })
        : Promise.resolve(),
    )
    if (stamped) {
      meddler.replies((path, body) => {
        if (path.includes('status')) kept ??= body
        return path.includes('status') ? dated(body) : undefined
      })
      bench.sim.act({ kind: 'heat', heater: 'nozzle', targetC: 200 })
    }
    const hot = (event: SessionEvent) =>
      event.kind === 'heaters' &&
      event.heaters.some(({ id, actualC = 0 }) => id === 'nozzle0' && actualC > 60)
    now += 60_000
    await watched.next('heaters', hot, 60_000)
    watched.mark()
    const before = watched.events.length
    if (stamped) {
      now -= 40_000
      meddler.replies((path, body) => (path.includes('status') ? dated(kept ?? body) : undefined))
    } else meddler.push(frame)
    await bench.passes(3_000)
    const told = watched.events.slice(before).filter(event => event.kind === 'heaters')
    expect(told.every(hot)).toBe(true)
  },
  async 'a printer that reboots while it prints'(bench) {
    const watched = await started(bench)
    const onlooker = createOnlooker(bench)
    onlooker.follow(watched.session)
    bench.sim.act({ kind: 'reset' })
    bench.host.reboot?.()
    await watched.next('machine', ({ state }) => state === 'idle', 60_000)
    await bench.passes(6_000)
    expect(jobsOf(watched.events)).not.toContain('done')
    expect(onlooker.sees().job).toMatchObject({ state: 'failed', name: 'cube.gcode' })
  },
  async 'a device that vanishes in the middle of an upload'(bench) {
    const watched = await bench.open()
    await watched.next('machine')
    bench.meddler.cutUploadsAt(200_000)
    const file = printFile('big.gcode', 'G1 X1\n'.repeat(500_000))
    const sending = watched.session.put?.(file, () => {}, bench.shutdown.signal)
    expect(isBroken(await codeOf(bench, sending))).toBe(true)
    expect(bench.sim.state().files.map(({ path }) => path)).not.toContain('big.gcode')
  },
  async 'a device that vanishes while it prints and comes back with the same job'(bench) {
    const watched = await started(bench)
    const onlooker = createOnlooker(bench)
    onlooker.follow(watched.session)
    const { startedAt } = onlooker.sees().job
    await bench.host.cut()
    await watched.next('ended', () => true, 200_000)
    await bench.host.restore()
    const back = await bench.open()
    await back.next('job', ({ job }) => job.state === 'running' && job.name === 'cube.gcode')
    onlooker.follow(back.session)
    const { job } = onlooker.sees()
    expect([job.state, job.startedAt]).toEqual(['running', startedAt])
  },
  async 'a device that vanishes while it prints and comes back with another job'(bench) {
    const watched = await started(bench)
    await bench.host.cut()
    await watched.next('ended', () => true, 200_000)
    bench.sim.act({ kind: 'reset' })
    bench.sim.act({ kind: 'start', path: 'vase.gcode' })
    await bench.host.restore()
    const back = await bench.open()
    await back.next('job', ({ job }) => job.state === 'running' && job.name === 'vase.gcode')
    const onlooker = createOnlooker(bench)
    onlooker.follow(watched.session)
    onlooker.follow(back.session)
    const { job } = onlooker.sees()
    expect(job).toMatchObject({ state: 'running', name: 'vase.gcode' })
    expect(job.progress ?? 0).toBeLessThan(0.1)
  },
  async 'a state nobody knows'(bench) {
    bench.make.unknownState(bench.meddler)
    const watched = await bench.open()
    const { text } = await watched.next('machine', ({ state }) => state === 'busy')
    expect(text).toMatch(/levitating/i)
  },
  async 'a change before the whole it changes'(bench) {
    const { meddler, make } = bench
    // Who polls gets wholes only.
    if (!make.driver.can.push) return
    let isFirst = true
    meddler.frames(message => {
      if (!isFirst) return message
      isFirst = false
      meddler.push({
        jsonrpc: '2.0',
        method: 'notify_status_update',
        params: [{ extruder: { target: 66 } }, 1],
      })
      meddler.push({ current: { temps: [], logs: [] } })
      return message
    })
    const watched = await bench.open()
    await watched.next('heaters')
    const targets = watched.events.flatMap(event =>
      event.kind === 'heaters' ? event.heaters.map(({ targetC }) => targetC) : [],
    )
    expect(targets).not.toContain(66)
    await watched.next('machine', ({ state }) => state === 'idle')
  },
  async 'temperatures that cannot be'(bench) {
    for (const odd of ['NaN', '-273.1', '1234.5', '"hot"', 'null']) {
      bench.make.nozzleIs(bench.meddler, odd)
      const watched = await bench.open()
      await watched.next('heaters')
      const nozzle = nozzleOf(watched.events)
      const found = nozzle?.kind === 'heaters' ? nozzle.heaters.find(({ id }) => id === 'nozzle0') : undefined
      expect([odd, found?.actualC]).toEqual([odd, undefined])
      await settled(bench.clock, watched.session.close())
    }
  },
  async 'a name with markup'(bench) {
    const name = '<img src=x onerror=alert(1)>.gcode'
    bench.sim.addFile(name, ';TIME:300\nM104 S50\nM140 S40\n')
    const watched = await started(bench, name)
    const { job } = await watched.next('job', each => each.job.name === name)
    expect(job.state).toBe('running')
    const file = printFile('<b>../../a</b>.gcode', 'G28\n')
    const sent = watched.session.put?.(file, () => {}, bench.shutdown.signal)
    const { path } = await settled(bench.clock, sent ?? Promise.reject(new Error('none')))
    expect(path).toMatch(/^[/\w .()~-]+\.(?:gcode|GCO)$/)
    expect(path).not.toContain('../')
  },
  async 'a clock an hour off, and one that jumps'(bench) {
    const { meddler, clock } = bench
    let offMs = -3_600_000
    const shifted = (text: string) =>
      text
        .replace(/"serverTime":[\d.]+/g, () => `"serverTime":${(clock.now() + offMs) / 1000}`)
        .replace(/("temps":\[\{"time":)[\d.]+/g, (_all, head) => `${head}${(clock.now() + offMs) / 1000}`)
    meddler.frames(message => shifted(JSON.stringify(message)))
    meddler.replies((path, body) =>
      path.includes('status')
        ? { status: 200, headers: { date: new Date(clock.now() + offMs).toUTCString() }, body }
        : undefined,
    )
    const watched = await bench.open()
    watched.session.focus?.(true)
    const isNear = () => {
      const last = nozzleOf(watched.events)
      const at = last?.kind === 'heaters' ? (last.heaters[0]?.at ?? 0) : 0
      return Math.abs(at - clock.now())
    }
    await watched.next('heaters')
    expect(isNear()).toBeLessThan(3_000)
    for (const jumpMs of [3_600_000, -7_200_000]) {
      offMs = jumpMs
      watched.mark()
      bench.sim.act({ kind: 'heat', heater: 'nozzle', targetC: jumpMs > 0 ? 100 : 30 })
      await bench.passes(10_000)
      await watched.next('heaters', ({ heaters }) => heaters.some(({ id }) => id === 'nozzle0'))
      expect(isNear()).toBeLessThan(6_000)
    }
  },
  async 'our own clock jumping'(bench) {
    let jumpMs = 0
    const clock = { ...bench.clock, now: () => bench.clock.now() + jumpMs }
    const opened = bench.make.driver.open(bench.config, { ...bench.context(), clock })
    const session = await settled(bench.clock, opened)
    const events: SessionEvent[] = []
    session.on(event => events.push(event))
    session.focus?.(true)
    for (const ms of [3_600_000, -86_400_000]) {
      jumpMs = ms
      const before = events.length
      bench.sim.act({ kind: 'heat', heater: 'nozzle', targetC: ms > 0 ? 100 : 30 })
      await bench.passes(12_000)
      const last = nozzleOf(events.slice(before))
      if (last?.kind !== 'heaters') throw new Error('no temperatures')
      expect(Math.abs((last.heaters[0]?.at ?? 0) - clock.now())).toBeLessThan(6_000)
      expect(events.some(({ kind }) => kind === 'ended')).toBe(false)
    }
    await settled(bench.clock, session.close())
  },
  async 'a command its state forbids'(bench) {
    const watched = await bench.open()
    await watched.next('machine', ({ state }) => state === 'idle')
    expect(await codeOf(bench, watched.session.perform({ kind: 'resume' }))).toMatch(
      /^printer\.(?:busy|refused|not-printing)$/,
    )
    const states = watched.events.flatMap(event => (event.kind === 'machine' ? [event.state] : []))
    expect(new Set(states)).toEqual(new Set(['idle']))
  },
  async 'an answer after 20 s'(bench) {
    const watched = await started(bench)
    bench.host.late(20_000)
    const before = bench.meddler.told.length
    // Moonraker answers when a macro has ended, so nobody may give up on it; the others must.
    const code = await codeOf(bench, watched.session.perform({ kind: 'pause' }))
    expect(code).toBe(bench.make.name === 'Moonraker' ? 'nothing' : 'wire.timeout')
    await bench.passes(25_000)
    expect(bench.meddler.told.slice(before).length).toBeLessThanOrEqual(1)
    // Whether it came through in time only the printer knows: it is asked, and not told again.
    const { machine } = bench.sim.state()
    expect(['paused', 'printing']).toContain(machine)
    bench.host.late(0)
    const again = await bench.open()
    await again.next('machine', ({ state }) => state === machine, 60_000)
  },
  async 'a line that is dropped without a word'(bench) {
    const watched = await bench.open()
    await watched.next('machine')
    bench.meddler.freeze(true)
    const { reason } = await watched.next('ended', () => true, 200_000)
    expect(reason.code).toBe('wire.timeout')
    expect(bench.clock.waiting().filter(name => name.startsWith('printers.'))).toEqual([])
  },
}

describe.each(makes)('$name meets', (make: Make) => {
  let bench: FaultBench
  beforeEach(async () => {
    bench = await createFaultBench(make)
  })
  afterEach(async () => {
    expect(JSON.stringify(bench.lines)).not.toContain(secret)
    await bench.end()
  })

  it.each(Object.entries(faults))('%s', async (_name, meets) => meets(bench))
})
