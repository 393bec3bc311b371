import { z } from 'zod'
import { GantryError, isGantryError } from '../../../contract/error.ts'
import type { Capabilities } from '../../../contract/printer.ts'
import { admit, admitPrint } from '../../driver/admission.ts'
import type { DriverContext, Printable, PrinterSession } from '../../driver/driver.ts'
import { createRunKeeper, type RunSight } from '../../driver/run-keeper.ts'
import { createSessionVoice, type SessionVoice } from '../../driver/session-voice.ts'
import { copied } from '../../wire/print-file.ts'
import { openSocket, type SocketLine } from '../../wire/socket-line.ts'
import { type MoonrakerConfig, openAccess } from './access.ts'
import { callOf, printOf, type RpcCall } from './commands.ts'
import { queueOf, tellDevice } from './device.ts'
import { fileRoom } from './files.ts'
import { createReader } from './reader.ts'
import {
  history,
  historyChanged,
  jobQueue,
  metadata,
  objectList,
  printerInfo,
  procStats,
  queueChanged,
  serverInfo,
  subscribed,
} from './reply.ts'
import { createRpc, type Rpc } from './rpc.ts'
import { fetchesItself, takeToken } from './secure-token.ts'

const statePeriodMs = 2_000
const anything = z.unknown()

export async function openSession(
  config: MoonrakerConfig,
  family: Capabilities,
  ctx: DriverContext,
): Promise<PrinterSession> {
  const life = new AbortController()
  const signal = AbortSignal.any([ctx.signal, life.signal])
  const access = await openAccess(config, ctx, signal)
  const url = new URL('websocket', access.base)
  const headers = access.socketHeaders(url)
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:'
  const line = await openSocket({ url, headers, clock: ctx.clock, signal })

  const voice = createSessionVoice(() => life.abort())
  const session = createTalk({ line, voice, ctx, family })
  line.onClose(reason => {
    session.rpc.giveUp(reason)
    voice.end(reason)
  })
  const stop = () => {
    session.stop()
    session.rpc.giveUp(
      new GantryError(voice.over ? 'wire.closed' : 'cancelled', 'The connection was closed.'),
    )
    line.close()
  }
  signal.addEventListener('abort', stop)
  try {
    await session.meet(config, access.token)
  } catch (thrown) {
    voice.silence()
    life.abort()
    stop()
    throw thrown
  }
  return {
    get can() {
      return session.can()
    },
    on: voice.on,
    perform: session.perform,
    begin: session.begin,
    ...fileRoom({ access, ctx, signal }),
    ...(session.fetchesItself() && {
      takeToken: (token, own) => takeToken(session.rpc, token, own),
    }),
    async close() {
      voice.silence()
      life.abort()
    },
  }
}

/** The conversation on one socket: start-up by printer-protocols 6.2, then what changes. */
function createTalk(parts: {
  readonly line: SocketLine
  readonly voice: SessionVoice
  readonly ctx: DriverContext
  readonly family: Capabilities
}) {
  const { line, voice, ctx } = parts
  const runs = createRunKeeper({
    clock: ctx.clock,
    ask: sight => askRun(sight),
    onKnown: () => reader.runKnown(),
  })
  const reader = createReader(voice, runs, ctx)
  let can = parts.family
  let names: ReadonlySet<string> = new Set()
  let describedFile: string | undefined
  let about: z.output<typeof serverInfo> | undefined
  let cancelWait = () => {}

  const rpc: Rpc = createRpc(line, ctx.clock, (method, params) => {
    const first = params[0]
    switch (method) {
      case 'notify_status_update':
        reader.delta(params)
        describe()
        break
      case 'notify_klippy_ready':
        cancelWait()
        run(subscribe())
        break
      case 'notify_klippy_shutdown':
        // What stopped it stands in printer.info; the subscription goes on and would say less.
        run(readKlippy())
        break
      case 'notify_klippy_disconnected':
        reader.forget()
        reader.klippy('disconnected', 'Klipper is gone')
        waitForKlippy()
        break
      case 'notify_gcode_response':
        if (typeof first === 'string') reader.line(first)
        break
      case 'notify_proc_stat_update':
        tellClock(first)
        break
      case 'notify_job_queue_changed': {
        const queue = queueChanged.safeParse(first).data?.updated_queue
        if (queue) voice.say({ kind: 'queue', queue: queueOf(queue) })
        break
      }
      case 'notify_history_changed': {
        const { action, job } = historyChanged.parse(first)
        if (action === 'added' && job) runs.named(job.filename, job.job_id)
        if (action === 'finished' && job) reader.finished(job.job_id, job.status ?? '')
        break
      }
      case 'notify_filelist_changed':
        voice.say({ kind: 'files-changed' })
        break
    }
  })

  /** Work nobody waits for: a line that broke meanwhile says so by itself. */
  const run = (work: Promise<unknown>) => {
    work.catch(thrown => ctx.log.debug('Moonraker did not answer a question', { thrown }))
  }
  const tellClock = (stats: unknown) => {
    const parsed = procStats.safeParse(stats)
    if (!parsed.success) return
    const { moonraker_stats } = parsed.data
    const time = Array.isArray(moonraker_stats) ? moonraker_stats.at(-1)?.time : moonraker_stats.time
    if (time === undefined) return
    voice.say({ kind: 'clock', deviceAt: time * 1000, at: ctx.clock.now(), source: 'proc_stats' })
  }
  const describe = () => {
    const file = reader.fileName()
    if (file === describedFile) return
    describedFile = file
    if (file === undefined) reader.describe(undefined)
    else
      run(
        rpc.ask('server.files.metadata', { filename: file }, metadata).then(found => reader.describe(found)),
      )
  }
  const askRun = async ({ file, isOn }: RunSight) => {
    const { jobs } = await rpc.ask('server.history.list', { limit: 1, order: 'desc' }, history)
    const [latest] = jobs
    const isMeant = latest?.filename === file && (latest.status === 'in_progress') === isOn
    return isMeant ? latest.job_id : undefined
  }
  const readKlippy = async () => {
    // Without Klipper there is nobody to answer: 503.
    const gone = (thrown: unknown) => {
      if (isGantryError(thrown, 'printer.busy')) return { state: 'disconnected', state_message: '' }
      throw thrown
    }
    const info = await rpc.ask('printer.info', {}, printerInfo).catch(gone)
    const { state = 'disconnected', state_message = '' } = info
    if (state !== 'ready') reader.klippy(state, state_message)
    return state
  }
  const waitForKlippy = () => {
    cancelWait()
    cancelWait = ctx.clock.every(statePeriodMs, 'printers.moonraker state', () => run(meetKlippy()))
  }
  /** Klipper may go away between any two questions, and its coming back may have been told before we listened. */
  const meetKlippy = async () => {
    const state = await readKlippy()
    if (state === 'ready') await subscribe()
    return state
  }
  const subscribe = async () => {
    try {
      await follow()
      cancelWait()
    } catch (thrown) {
      if (!isGantryError(thrown, 'printer.busy')) throw thrown
      await readKlippy()
      waitForKlippy()
    }
  }
  const follow = async () => {
    // Klipper's part of it is there only while Klipper is.
    if (about) await optional(tellDevice(rpc, about, voice))
    const { objects } = await rpc.ask('printer.objects.list', {}, objectList)
    names = new Set(objects)
    const macros = objects.flatMap(name => /^gcode_macro ([^_].*)$/.exec(name)?.[1] ?? [])
    can = { ...can, macros, fan: names.has('fan') }
    voice.say({ kind: 'capabilities', can })
    const wanted = Object.fromEntries(objects.filter(isWanted).map(name => [name, null]))
    const { status, eventtime } = await rpc.ask('printer.objects.subscribe', { objects: wanted }, subscribed)
    reader.snapshot(status, eventtime)
    describe()
  }
  const call = async ({ method, params }: RpcCall, own?: AbortSignal) => {
    if (voice.over) throw new GantryError('wire.closed', 'The connection to Moonraker is closed.')
    // printer-protocols 6.4: these answer when the macro has ended, which may take minutes.
    const slow = method.startsWith('printer.')
    await rpc.ask(method, params, anything, { signal: own, ...(slow && { timeoutMs: null }) })
  }
  const optional = async (work: Promise<unknown>) => {
    try {
      await work
    } catch (thrown) {
      if (!isGantryError(thrown, 'printer.unsupported', 'printer.refused', 'wire.malformed')) throw thrown
    }
  }

  return {
    rpc,
    can: () => can,
    fetchesItself: () => fetchesItself(about?.components ?? []),
    async meet({ apiKey }: MoonrakerConfig, token: string | undefined) {
      // Old forks of printer makers know no `identify`: they are asked and forgiven.
      const me = { client_name: 'Gantry', version: '1', type: 'desktop', url: 'https://gantry.invalid' }
      const who = { ...(apiKey && { api_key: apiKey }), ...(token && { access_token: token }) }
      await optional(rpc.ask('server.connection.identify', { ...me, ...who }, anything))
      const server = await rpc.ask('server.info', {}, serverInfo)
      about = server
      if (server.klippy_state !== 'ready') await optional(tellDevice(rpc, server, voice))
      await optional(rpc.ask('machine.proc_stats', {}, anything).then(tellClock))
      await optional(
        rpc
          .ask('server.job_queue.status', {}, jobQueue)
          .then(({ queued_jobs }) => voice.say({ kind: 'queue', queue: queueOf(queued_jobs) }))
          .catch(thrown => {
            if (isGantryError(thrown, 'printer.unsupported')) can = { ...can, queue: false }
            throw thrown
          }),
      )
      if (server.klippy_state === 'ready') await subscribe()
      else {
        reader.klippy(server.klippy_state, '')
        await optional(readKlippy())
        waitForKlippy()
      }
    },
    async perform(command: Parameters<PrinterSession['perform']>[0], own?: AbortSignal) {
      admit(can, command)
      const gcode = command.kind === 'answer-prompt' ? reader.answer(command.button) : undefined
      if (command.kind === 'answer-prompt' && gcode === undefined) {
        throw new GantryError('printer.refused', 'The printer’s question is not open any more.')
      }
      await call(callOf(gcode === undefined ? command : { kind: 'send-gcode', line: gcode }, names), own)
    },
    async begin(what: Printable, own?: AbortSignal) {
      admitPrint(can, what)
      if (what.from === 'printer') await call(printOf(what.path), own)
      return copied
    },
    stop() {
      cancelWait()
      runs.stop()
    },
  }
}

const plainObjects = new Set([
  'webhooks',
  'print_stats',
  'virtual_sdcard',
  'display_status',
  'idle_timeout',
  'pause_resume',
  'toolhead',
  'gcode_move',
  'heater_bed',
  'fan',
])
const namedObjects =
  /^(?:extruder\d*$|heater_generic |temperature_sensor |temperature_fan |filament_(?:switch|motion)_sensor )/

function isWanted(name: string): boolean {
  return plainObjects.has(name) || namedObjects.test(name)
}
