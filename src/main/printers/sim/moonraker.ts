import { createHash } from 'node:crypto'
import { GantryError, toGantryError } from '../../contract/error.ts'
import { type ContentsAgent, createContentsAgent } from './contents-agent.ts'
import { obey } from './gcode.ts'
import { changedFields, type KlipperObjects, klipperObjects } from './klipper-objects.ts'
import { isJobOn, type SimState } from './model.ts'
import { createMoonrakerUsers } from './moonraker-users.ts'
import type { SimPrinter } from './sim-printer.ts'
import {
  createSimServer,
  formFile,
  type SimReply,
  type SimRequest,
  type SimServer,
  type SimSocket,
} from './sim-server.ts'

export interface MoonrakerSim extends SimServer {
  /** `ready`, or what Klipper does instead; each change is told as Moonraker tells it. */
  klippy(state: 'ready' | 'startup' | 'shutdown' | 'disconnected', message?: string): void
  /** Klipper comes back and Moonraker's word of it gets lost. */
  returnSilently(): void
  /** Something for every client, as a macro or a plug-in of Moonraker would send. */
  notify(method: string, params: readonly unknown[]): void
  /** Every line of G-code Klipper was given. */
  readonly lines: readonly string[]
  /** There where it fetches from contents servers itself. */
  readonly agent: ContentsAgent | undefined
}

interface Subscriber {
  readonly socket: SimSocket
  told: KlipperObjects | undefined
}

const updatePeriodMs = 250
const macros = ['gcode_macro LOAD_FILAMENT', 'gcode_macro _PRIVATE']

/** Moonraker 0.9 with Klipper behind it, around a simulated printer (printer-protocols 6). */
export async function createMoonrakerSim(
  sim: SimPrinter,
  options: {
    readonly apiKey?: string
    /** Somebody has to log in, trusted or not: `force_logins`. */
    readonly login?: { readonly username: string; readonly password: string }
    readonly name?: string
    readonly port?: number
    readonly fetches?: boolean
  } = {},
): Promise<MoonrakerSim> {
  const { clock } = sim
  const { apiKey, name = 'simulated-klipper' } = options
  const agent = options.fetches ? createContentsAgent(sim) : undefined
  const subscribers = new Set<Subscriber>()
  const lines: string[] = []
  const box = { klippy: 'ready', message: 'Printer is ready', machine: sim.state().machine }
  const users = createMoonrakerUsers(clock, options.login)
  const admit = ({ headers }: SimRequest) =>
    (apiKey === undefined && options.login === undefined) ||
    (apiKey !== undefined && headers['x-api-key'] === apiKey) ||
    users.knows(headers['x-access-token'])
  const notify = (method: string, params: readonly unknown[]) => {
    for (const { socket } of subscribers) socket.send({ jsonrpc: '2.0', method, params })
  }
  const eventtime = () => clock.elapsed() / 1000 + 1_000

  const klippy: MoonrakerSim['klippy'] = (state, message = '') => {
    box.klippy = state
    box.message = message
    for (const subscriber of subscribers) subscriber.told = undefined
    if (state !== 'startup') notify(`notify_klippy_${state}`, [])
  }
  const rpc = (
    subscriber: Subscriber,
    method: string,
    params: Readonly<Record<string, unknown>>,
  ): unknown => {
    switch (method) {
      case 'server.connection.identify':
        return { connection_id: 1 }
      case 'server.info':
        return {
          klippy_connected: box.klippy !== 'disconnected',
          klippy_state: box.klippy,
          moonraker_version: 'v0.9.3',
          api_version_string: '1.5.0',
          components: ['klippy_connection', 'file_manager', 'history', ...(agent ? ['dwapi_3dp'] : [])],
        }
      case 'machine.system_info':
        return { system_info: { cpu_info: { serial_number: '1000sim', total_memory: 1_048_576 } } }
      case 'machine.proc_stats':
        return { moonraker_stats: [{ time: clock.now() / 1000 }] }
      case 'server.history.list':
        return { count: sim.state().jobsStarted, jobs: historyOf(sim.state()) }
      case 'server.job_queue.status':
        return { queued_jobs: queueOf(sim.state()), queue_state: 'ready' }
      case 'server.files.metadata': {
        const file = sim.state().files.find(({ path }) => path === params.filename)
        if (file === undefined) throw rpcFailure(-32601, 'File not found')
        return { size: file.sizeBytes, estimated_time: file.durationS, layer_count: file.layers }
      }
    }
    if (box.klippy === 'disconnected') throw rpcFailure(503, 'Klippy Host not connected')
    if (method === 'printer.info') {
      const { klippy: state, message: state_message } = box
      return { state, state_message, hostname: name, software_version: 'v0.12.0' }
    }
    if (method === 'printer.firmware_restart' || method === 'printer.restart') {
      sim.act({ kind: 'reset' })
      klippy('disconnected')
      clock.after(1_000, 'sim klippy restart', () => klippy('ready', 'Printer is ready'))
      return 'ok'
    }
    if (method === 'printer.objects.list')
      return { objects: [...Object.keys(klipperObjects(sim.state())), ...macros] }
    if (method === 'printer.objects.query') {
      return {
        eventtime: eventtime(),
        status: { ...klipperObjects(sim.state()), mcu: { mcu_version: 'v0.12.0' } },
      }
    }
    if (box.klippy !== 'ready') throw rpcFailure(503, 'Klippy is not ready')
    if (method === 'printer.objects.subscribe') {
      subscriber.told = klipperObjects(sim.state())
      return { eventtime: eventtime(), status: subscriber.told }
    }
    if (method === 'printer.gcode.script') lines.push(...String(params.script).split('\n'))
    return act(sim, method, params, klippy, notify)
  }

  const server = await createSimServer(
    {
      clock,
      admit,
      socketPath: '/websocket',
      answer: request =>
        users.answer(request, admit(request)) ??
        (admit(request) ? http(sim, request) : { status: 401, body: { error: { code: 401 } } }),
      greet(socket) {
        const subscriber: Subscriber = { socket, told: undefined }
        subscribers.add(subscriber)
        socket.onClose(() => subscribers.delete(subscriber))
        socket.onMessage(message => {
          const call = readCall(message)
          if (call === undefined) return
          if (agent && call.method === 'server.dwapi_3dp.post_token') {
            agent.take(call.params).then(
              result => socket.send({ jsonrpc: '2.0', id: call.id, result }),
              () => socket.send({ jsonrpc: '2.0', id: call.id, result: { error: 'not-found' } }),
            )
            return
          }
          try {
            socket.send({ jsonrpc: '2.0', id: call.id, result: rpc(subscriber, call.method, call.params) })
          } catch (thrown) {
            const { details, message: text } = toGantryError(thrown)
            socket.send({ jsonrpc: '2.0', id: call.id, error: { code: details.rpc ?? 500, message: text } })
          }
        })
      },
    },
    options.port,
  )
  let jobsTold = sim.state().jobsStarted
  const stopUpdates = clock.every(updatePeriodMs, 'sim moonraker update', () => {
    const state = sim.state()
    if (state.machine === 'error' && box.klippy === 'ready') {
      klippy('shutdown', reasons[state.fault ?? 'user-stop'])
      return
    }
    if (box.klippy !== 'ready') return
    const now = klipperObjects(state)
    for (const subscriber of subscribers) {
      const delta = subscriber.told && changedFields(subscriber.told, now)
      if (delta === undefined || Object.keys(delta).length === 0) continue
      subscriber.told = now
      subscriber.socket.send({ jsonrpc: '2.0', method: 'notify_status_update', params: [delta, eventtime()] })
    }
    if (state.jobsStarted === jobsTold) return
    jobsTold = state.jobsStarted
    const [job] = historyOf(state)
    if (job) notify('notify_history_changed', [{ action: 'added', job }])
  })
  const down = server.stop
  return Object.assign(server, {
    klippy,
    notify,
    lines,
    returnSilently() {
      Object.assign(box, { klippy: 'ready', message: 'Printer is ready' })
    },
    agent,
    async stop() {
      stopUpdates()
      await down()
    },
  })
}

const reasons = {
  'user-stop': 'Shutdown due to webhooks request',
  'thermal-runaway': 'Heater extruder not heating at expected rate',
  'filament-runout': 'Filament runout',
}

function rpcFailure(rpc: number, message: string): GantryError {
  return new GantryError('printer.refused', message, { rpc })
}

function readCall(message: unknown) {
  if (typeof message !== 'object' || message === null || !('method' in message) || !('id' in message))
    return undefined
  const params = 'params' in message && typeof message.params === 'object' ? { ...message.params } : {}
  return {
    id: message.id,
    method: String(message.method),
    params: params as Readonly<Record<string, unknown>>,
  }
}

const isPrinting = (state: SimState, path: string) => isJobOn(state) && state.job?.file.path === path

/** Moonraker keeps all of them; the latest is what anybody asks for. */
function historyOf(state: SimState) {
  const { job, machine } = state
  if (job === undefined) return []
  const over = machine === 'finished' ? 'completed' : machine === 'error' ? 'klippy_shutdown' : 'cancelled'
  return [
    {
      job_id: job.id.toString(16).padStart(6, '0').toUpperCase(),
      filename: job.file.path,
      status: isJobOn(state) ? 'in_progress' : over,
    },
  ]
}

function queueOf({ queue }: SimState) {
  return queue.map(({ path }, order) => ({
    filename: path,
    job_id: String(order),
    time_added: 0,
    time_in_queue: 0,
  }))
}

function act(
  sim: SimPrinter,
  method: string,
  params: Readonly<Record<string, unknown>>,
  klippy: MoonrakerSim['klippy'],
  notify: MoonrakerSim['notify'],
): unknown {
  const done = (ok: boolean, why = 'Printer is busy') => {
    if (!ok) throw rpcFailure(400, why)
    return 'ok'
  }
  switch (method) {
    case 'printer.print.start': {
      // As klippy_apis.py makes it: what follows a line break in the name is a line of its own.
      const [first = '', ...more] = `SDCARD_PRINT_FILE FILENAME="${params.filename}"`.split('\n')
      const path = /"([^"]*)"?$/.exec(first)?.[1] ?? ''
      const isStarted = sim.act({ kind: 'start', path })
      for (const line of more) script(sim, line)
      return done(isStarted, 'SD busy, or no such file')
    }
    case 'printer.print.pause':
    case 'printer.print.resume':
    case 'printer.print.cancel':
      return done(sim.act({ kind: method.slice(14) as 'pause' | 'resume' | 'cancel' }))
    case 'printer.emergency_stop':
      sim.act({ kind: 'kill' })
      klippy('shutdown', reasons['user-stop'])
      return 'ok'
    case 'printer.gcode.script':
      for (const line of String(params.script).split('\n')) script(sim, line)
      return 'ok'
    case 'server.job_queue.post_job':
      for (const path of [params.filenames].flat()) sim.act({ kind: 'enqueue', path: String(path) })
      notify('notify_job_queue_changed', [{ action: 'jobs_added', updated_queue: queueOf(sim.state()) }])
      return { queued_jobs: queueOf(sim.state()) }
    case 'server.job_queue.delete_job':
      for (const id of [params.job_ids].flat()) sim.act({ kind: 'dequeue', order: Number(id) })
      notify('notify_job_queue_changed', [{ action: 'jobs_removed', updated_queue: queueOf(sim.state()) }])
      return { queued_jobs: queueOf(sim.state()) }
    case 'server.files.delete_file': {
      const path = String(params.path).replace(/^gcodes\//, '')
      if (isPrinting(sim.state(), path)) throw rpcFailure(403, 'File currently in use')
      if (!sim.act({ kind: 'delete-file', path })) throw rpcFailure(-32601, 'File not found')
      return { item: { path } }
    }
    default:
      throw rpcFailure(-32601, 'Method not found')
  }
}

function script(sim: SimPrinter, line: string): void {
  const heater = /^SET_HEATER_TEMPERATURE HEATER=(\S+) TARGET=([\d.]+)/.exec(line)
  const move = /^G1 (.*) F\d+$/.exec(line)
  if (heater) {
    sim.act({
      kind: 'heat',
      heater: heater[1] === 'heater_bed' ? 'bed' : 'nozzle',
      targetC: Number(heater[2]),
    })
  } else if (move) {
    const by = (axis: string) => Number(new RegExp(`${axis}(-?[\\d.]+)`).exec(move[1] ?? '')?.[1] ?? 0)
    sim.act({ kind: 'jog', xMm: by('X'), yMm: by('Y'), zMm: by('Z') })
  } else if (line === 'LOAD_FILAMENT') sim.act({ kind: 'load-filament' })
  else obey(sim, line)
}

function http(sim: SimPrinter, request: SimRequest): SimReply {
  if (request.path === '/server/files/list') {
    const result = sim.state().files.map(file => ({
      path: file.path,
      size: file.sizeBytes,
      modified: file.modifiedAt / 1000,
    }))
    return { status: 200, body: { result } }
  }
  if (request.path !== '/server/files/upload') return { status: 404, body: { error: { code: 404 } } }
  const form = formFile(request)
  if (form === undefined) return { status: 400 }
  const { checksum } = form.fields
  if (checksum !== undefined && checksum !== createHash('sha256').update(form.content).digest('hex')) {
    return { status: 422 }
  }
  if (isPrinting(sim.state(), form.name))
    return { status: 403, body: { error: { code: 403, message: 'File is loaded, upload not permitted' } } }
  sim.addFile(form.name, form.content.toString('latin1'), form.content.length)
  return { status: 201, body: { item: { path: form.name, root: 'gcodes' }, print_started: false } }
}
