import { obey } from './gcode.ts'
import { isJobOn, isMachineOn, progressOf, type SimState, sizeMm } from './model.ts'
import { createOctoPrintCard, type OctoPrintCard, onCard } from './octoprint-card.ts'
import type { SimPrinter } from './sim-printer.ts'
import {
  createSimServer,
  formFile,
  type SimReply,
  type SimRequest,
  type SimServer,
  type SimSocket,
} from './sim-server.ts'

export interface OctoPrintSim extends SimServer {
  readonly apiKey: string
  /** The owner's answer to a request for a key, given in OctoPrint's own window. */
  decide(allow: boolean): void
  /** How far the host's clock is off. */
  setClock(offMs: number): void
  /** The host loses its serial port, or finds it again. */
  connect(on: boolean): void
  /** Lays a file on the printer's card, where OctoPrint finds it when it reads the card the next time. */
  layOnCard(name: string, content: string): void
}

const pushPeriodMs = 500
const requestsAMinute = 3
const readable = new Set([
  '/api/version',
  '/api/printer',
  '/api/job',
  '/api/connection',
  '/api/printerprofiles',
  '/api/printer/error',
])

/** OctoPrint 1.11 around a simulated printer: REST, SockJS' raw socket, application keys (printer-protocols 5). */
export async function createOctoPrintSim(
  sim: SimPrinter,
  options: { readonly apiKey: string; readonly name?: string; readonly port?: number },
): Promise<OctoPrintSim> {
  const { clock } = sim
  const { apiKey, name = 'Simulated OctoPrint' } = options
  const live = new Set<SimSocket>()
  const box: { clockOffMs: number; connected: boolean; verdict: boolean | undefined } = {
    clockOffMs: 0,
    connected: true,
    verdict: undefined,
  }
  let told: Told = { machine: 'idle', jobs: 0 }
  /** What it counts for each file, once a print is over. */
  const prints = new Map<string, { readonly success: number; readonly failure: number }>()
  let askedAt: number[] = []
  const pushed: PushedEvent[] = []
  const card = createOctoPrintCard(sim, () => {
    pushed.push({ type: 'UpdatedFiles', payload: { type: 'printables' } })
  })

  const answer = (request: SimRequest): SimReply => {
    const { method, path } = request
    if (path === '/plugin/appkeys/probe') return { status: 204 }
    if (path === '/plugin/appkeys/request') {
      const at = clock.elapsed()
      askedAt = [...askedAt.filter(each => at - each < 60_000), at]
      if (askedAt.length > requestsAMinute)
        return { status: 429, body: { error: 'too many app key requests' } }
      box.verdict = undefined
      return { status: 201, headers: { location: '/plugin/appkeys/request/t1' }, body: { app_token: 't1' } }
    }
    if (path === '/plugin/appkeys/request/t1') {
      if (box.verdict === undefined) return { status: 202 }
      return box.verdict ? { status: 200, body: { api_key: apiKey } } : { status: 404 }
    }
    if (request.headers['x-api-key'] !== apiKey) return { status: 403, body: { error: 'no permission' } }
    if (method === 'GET' && readable.has(path)) return read(path, sim.state(), name, box.connected)
    if (path === '/api/login') return { status: 200, body: { name: 'gantry', session: 'sess' } }
    if (path.startsWith('/api/files')) return files(sim, card, request, prints)
    // Without a question the real one answers null.
    if (path === '/api/plugin/action_command_prompt' && method === 'GET') return { status: 200, body: null }
    if (!box.connected && path !== '/api/connection') return { status: 409 }
    return control(sim, request, () => {
      box.connected = true
    })
  }
  const server = await createSimServer(
    {
      clock,
      answer,
      socketPath: '/sockjs/websocket',
      greet(socket) {
        socket.send({ connected: { version: '1.11.8' } })
        socket.onMessage(message => {
          if (typeof message !== 'object' || message === null || !('auth' in message)) return
          live.add(socket)
          socket.send({ history: current(sim.state(), clock.now() + box.clockOffMs, box.connected) })
        })
        socket.onClose(() => live.delete(socket))
      },
    },
    options.port,
  )
  const stopPushing = clock.every(pushPeriodMs, 'sim octoprint push', () => {
    const state = sim.state()
    const events = [...eventsOf(told, state), ...pushed.splice(0)]
    told = { machine: state.machine, jobs: state.jobsStarted }
    for (const { type } of events) count(prints, type, state.job?.file.path)
    for (const socket of live) {
      socket.send({ current: current(state, clock.now() + box.clockOffMs, box.connected) })
      for (const event of events) socket.send({ event })
    }
  })
  const down = server.stop
  return Object.assign(server, {
    apiKey,
    decide(allow: boolean) {
      box.verdict = allow
    },
    layOnCard: card.lay,
    async stop() {
      stopPushing()
      card.stop()
      await down()
    },
    setClock(offMs: number) {
      box.clockOffMs = offMs
    },
    connect(on: boolean) {
      box.connected = on
    },
  })
}

function flagsOf(state: SimState, connected: boolean): Readonly<Record<string, boolean>> {
  const is = (...machines: SimState['machine'][]) => connected && machines.includes(state.machine)
  return {
    operational: connected && state.machine !== 'error',
    printing: is('preparing', 'printing', 'pausing', 'resuming', 'cancelling'),
    pausing: is('pausing'),
    paused: is('paused', 'attention'),
    resuming: is('resuming'),
    cancelling: is('cancelling'),
    finishing: false,
    error: false,
    closedOrError: !connected || state.machine === 'error',
    ready: is('idle', 'busy', 'finished', 'cancelled'),
  }
}

const words: Readonly<Record<SimState['machine'], string>> = {
  idle: 'Operational',
  busy: 'Operational',
  preparing: 'Starting',
  printing: 'Printing',
  pausing: 'Pausing',
  paused: 'Paused',
  resuming: 'Resuming',
  cancelling: 'Cancelling',
  finished: 'Operational',
  cancelled: 'Operational',
  attention: 'Paused',
  error: 'Offline after error',
}

function stateOf(state: SimState, connected: boolean) {
  return { text: connected ? words[state.machine] : 'Offline', flags: flagsOf(state, connected) }
}

const tenths = (celsius: number) => Math.round(celsius * 10) / 10
const temperature = ({ actualC, targetC }: SimState['bed']) => ({
  actual: tenths(actualC),
  target: targetC,
  offset: 0,
})

function jobOf({ job, machine }: SimState) {
  if (job === undefined) {
    return {
      job: { file: { name: null, path: null, size: null }, filament: null },
      progress: { completion: null, filepos: null, printTime: null, printTimeLeft: null },
    }
  }
  const progress = progressOf(job)
  const dropped = machine === 'cancelled'
  return {
    job: {
      file: {
        ...placeOf(job.file.path),
        size: job.file.sizeBytes,
      },
      filament: { tool0: { length: job.file.filamentMm, volume: 1 } },
    },
    progress: {
      completion: dropped ? 0 : progress * 100,
      filepos: Math.round(progress * job.file.sizeBytes),
      printTime: dropped ? null : Math.round(job.elapsedS),
      printTimeLeft: dropped ? null : Math.round(job.file.durationS - job.printedS),
      printTimeLeftOrigin: 'analysis',
    },
  }
}

function current(state: SimState, now: number, connected: boolean) {
  const at = Math.floor(now / 1000)
  return {
    state: stateOf(state, connected),
    ...jobOf(state),
    currentZ: state.zMm,
    temps: connected ? [{ time: at, tool0: temperature(state.nozzle), bed: temperature(state.bed) }] : [],
    logs: [],
    messages: [],
    serverTime: now / 1000,
  }
}

const runaway = 'Thermal Runaway, system stopped!'

/** As of the last push: a job may have begun and ended since. */
interface Told {
  readonly machine: SimState['machine']
  readonly jobs: number
}

type Prints = ReadonlyMap<string, { readonly success: number; readonly failure: number }>

function count(prints: Map<string, { success: number; failure: number }>, type: string, path = ''): void {
  const { success, failure } = prints.get(path) ?? { success: 0, failure: 0 }
  if (type === 'PrintDone') prints.set(path, { success: success + 1, failure })
  else if (type === 'PrintFailed') prints.set(path, { success, failure: failure + 1 })
}

interface PushedEvent {
  readonly type: string
  readonly payload: unknown
}

function eventsOf({ machine: before, jobs }: Told, state: SimState): PushedEvent[] {
  const { machine, fault, job } = state
  if (before === machine) return []
  const payload = job && placeOf(job.file.path)
  if (before === 'error') return [{ type: 'Connected', payload: { port: 'VIRTUAL' } }]
  switch (machine) {
    case 'preparing':
      return [{ type: 'PrintStarted', payload }]
    case 'finished':
      return [{ type: 'PrintDone', payload }]
    case 'cancelled':
      return [
        { type: 'PrintFailed', payload: { ...payload, reason: 'cancelled' } },
        { type: 'PrintCancelled', payload },
      ]
    case 'resuming':
      return [{ type: 'PrintResumed', payload }]
    case 'attention':
      return [{ type: 'FilamentChange', payload: null }]
    case 'error': {
      // M112 is no `Error` to OctoPrint: it closes its serial port itself.
      const stopped = fault === 'user-stop'
      const error = stopped ? 'Closing serial port due to emergency stop M112.' : runaway
      return [
        ...(state.jobsStarted > jobs ? [{ type: 'PrintStarted', payload }] : []),
        ...(stopped
          ? []
          : [{ type: 'Error', payload: { error, reason: 'firmware', consequence: 'emergency' } }]),
        // After a fault it makes an emergency stop by itself.
        { type: 'EStop', payload: null },
        // Of one that was paused it says nothing.
        ...((isMachineOn(before) && before !== 'paused' && before !== 'attention') || state.jobsStarted > jobs
          ? [{ type: 'PrintFailed', payload: { ...payload, reason: 'error', error } }]
          : []),
      ]
    }
    default:
      return []
  }
}

function read(path: string, state: SimState, name: string, connected: boolean): SimReply {
  const ok = (body: unknown): SimReply => ({ status: 200, body })
  switch (path) {
    case '/api/version':
      return ok({ api: '0.1', server: '1.11.8', text: 'OctoPrint 1.11.8' })
    case '/api/job':
      return ok({ ...jobOf(state), state: stateOf(state, connected).text })
    case '/api/connection':
      return ok({
        current: {
          state: stateOf(state, connected).text,
          port: connected ? 'VIRTUAL' : null,
          printerProfile: 'sim',
        },
      })
    // Its own emergency stop is no fault to OctoPrint.
    case '/api/printer/error':
      return ok(
        state.fault === 'thermal-runaway'
          ? { error: runaway, reason: 'firmware', consequence: 'emergency' }
          : { error: '', reason: '' },
      )
    case '/api/printerprofiles': {
      const volume = { width: sizeMm.x, depth: sizeMm.y, height: sizeMm.z, formFactor: 'rectangular' }
      const profile = {
        name,
        model: 'Sim 220',
        current: true,
        heatedBed: true,
        volume,
        extruder: { count: 1 },
      }
      return ok({ profiles: { sim: profile } })
    }
    default:
      if (!connected || state.machine === 'error')
        return { status: 409, body: { error: 'Printer is not operational' } }
      return ok({
        temperature: { tool0: temperature(state.nozzle), bed: temperature(state.bed) },
        state: stateOf(state, connected),
      })
  }
}

/** As OctoPrint names a file in its jobs and events. */
function placeOf(file: string) {
  const name = file.replace(onCard, '')
  return { name, display: name, path: name, origin: onCard.test(file) ? 'sdcard' : 'local' }
}

function files(sim: SimPrinter, card: OctoPrintCard, request: SimRequest, prints: Prints): SimReply {
  const { method, path } = request
  if (path.startsWith('/api/files/sdcard/')) return card.answer(request)
  const file = path.replace(/^\/api\/files(?:\/local)?\/?/, '')
  if (method === 'GET') {
    const own = sim.state().files.filter(each => !onCard.test(each.path))
    const list = own.map(each => ({
      ...placeOf(each.path),
      type: 'machinecode',
      size: each.sizeBytes,
      date: Math.floor(each.modifiedAt / 1000),
    }))
    if (file === '') return { status: 200, body: { files: [...list, ...card.list()] } }
    const one = list.find(each => each.path === file)
    return one ? { status: 200, body: { ...one, prints: prints.get(file) } } : { status: 404 }
  }
  if (method === 'POST' && file === '') {
    const form = formFile(request)
    if (form === undefined) return { status: 400 }
    if (!/\.g(?:code|co)?$/.test(form.name)) return { status: 415 }
    if (isJobOn(sim.state()) && sim.state().job?.file.path === form.name) return { status: 409 }
    sim.addFile(form.name, form.content.toString('latin1'), form.content.length)
    return {
      status: 201,
      headers: { location: `/api/files/local/${encodeURIComponent(form.name)}` },
      body: { done: true },
    }
  }
  if (!sim.state().files.some(each => each.path === file)) return { status: 404 }
  const done =
    method === 'DELETE'
      ? sim.act({ kind: 'delete-file', path: file })
      : sim.act({ kind: 'start', path: file })
  return { status: done ? 204 : 409 }
}

function control(sim: SimPrinter, request: SimRequest, connect: () => void): SimReply {
  const body = request.json()
  const done = (ok: boolean): SimReply => ({ status: ok ? 204 : 409 })
  const number = (value: unknown) => (typeof value === 'number' ? value : 0)
  switch (request.path) {
    case '/api/job':
      if (body.command === 'cancel') return done(sim.act({ kind: 'cancel' }))
      return done(sim.act({ kind: body.action === 'resume' ? 'resume' : 'pause' }))
    case '/api/connection':
      connect()
      if (sim.state().machine === 'error') sim.act({ kind: 'reset' })
      return done(true)
    case '/api/printer/bed':
      return done(sim.act({ kind: 'heat', heater: 'bed', targetC: number(body.target) }))
    case '/api/printer/tool': {
      const { targets } = body
      if (typeof targets !== 'object' || targets === null) return done(true)
      const targetC = number(Object.values(targets)[0])
      return done(sim.act({ kind: 'heat', heater: 'nozzle', targetC }))
    }
    case '/api/printer/printhead':
      // Paused is fine to OctoPrint, printing is not.
      if (flagsOf(sim.state(), true).printing) return done(false)
      if (body.command === 'home') return done(sim.act({ kind: 'home' }))
      return done(sim.act({ kind: 'jog', xMm: number(body.x), yMm: number(body.y), zMm: number(body.z) }))
    case '/api/printer/command': {
      const lines = Array.isArray(body.commands) ? body.commands.map(String) : []
      for (const line of lines) obey(sim, line)
      return done(!isJobOn(sim.state()) || lines.length > 0)
    }
    default:
      return { status: 404 }
  }
}
