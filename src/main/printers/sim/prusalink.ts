import { createHash } from 'node:crypto'
import { isJobOn, progressOf, type SimState } from './model.ts'
import { prusaLinkFiles, shortPath } from './prusalink-files.ts'
import type { SimPrinter } from './sim-printer.ts'
import { createSimServer, type SimReply, type SimRequest, type SimServer } from './sim-server.ts'

export interface PrusaLinkSim extends SimServer {
  /** Requests that came with a nonce past its time; how often the driver had to ask twice. */
  readonly staleNonces: () => number
}

/** printer-protocols 7.1: a Buddy board's nonce is good for 5 s. */
const nonceLifeMs = 5_000
const realm = 'Printer API'
const username = 'maker'

const md5 = (text: string) => createHash('md5').update(text).digest('hex')

/** PrusaLink of a Buddy board around a simulated printer: RFC 2069 digest, polling only (printer-protocols 7). */
export async function createPrusaLinkSim(
  sim: SimPrinter,
  options: {
    readonly password: string
    readonly name?: string
    readonly serial?: string
    readonly port?: number
  },
): Promise<PrusaLinkSim> {
  const { clock } = sim
  const { password, name = 'simulated-prusa', serial = 'SIM0123456789' } = options
  // A nonce is the board's time: each of them is good for as long, whichever were given out since.
  const nonces = new Map<string, number>()
  let stale = 0

  const challenge = (isStale: boolean): SimReply => {
    const nonce = md5(`nonce ${nonces.size}`)
    nonces.set(nonce, clock.elapsed())
    const header = `Digest realm="${realm}", nonce="${nonce}", stale="${isStale}"`
    return { status: 401, headers: { 'www-authenticate': header } }
  }
  const letIn = (request: SimRequest, target: string): SimReply | undefined => {
    // printer-protocols 7.1: on a Buddy board the key equals the password.
    const key = request.headers['x-api-key']
    if (key !== undefined) return key === password ? undefined : { status: 403, body: { title: 'Forbidden' } }
    const header = request.headers.authorization ?? ''
    const field = (key: string) => new RegExp(`${key}="([^"]*)"`).exec(header)?.[1]
    const nonce = field('nonce') ?? ''
    const givenAt = nonces.get(nonce)
    if (givenAt === undefined) return challenge(false)
    const ha1 = md5(`${username}:${realm}:${password}`)
    const right = md5(`${ha1}:${nonce}:${md5(`${request.method}:${field('uri')}`)}`)
    if (field('response') !== right || decodeURIComponent(field('uri') ?? '') !== target)
      return challenge(false)
    if (clock.elapsed() - givenAt <= nonceLifeMs) return undefined
    stale++
    return challenge(true)
  }
  const server = await createSimServer(
    {
      clock,
      // Before the body: a large one is not taken in vain, and its nonce does not grow old on the way.
      refuse: head => letIn(head, head.query.size > 0 ? `${head.path}?${head.query}` : head.path),
      answer: request => answer(sim, request, { hostname: name, serial }),
    },
    options.port,
  )
  return Object.assign(server, { staleNonces: () => stale })
}

const words: Readonly<Record<SimState['machine'], string>> = {
  idle: 'IDLE',
  busy: 'BUSY',
  preparing: 'BUSY',
  printing: 'PRINTING',
  pausing: 'PRINTING',
  paused: 'PAUSED',
  resuming: 'PRINTING',
  cancelling: 'BUSY',
  finished: 'FINISHED',
  cancelled: 'STOPPED',
  attention: 'ATTENTION',
  error: 'ERROR',
}

function answer(
  sim: SimPrinter,
  request: SimRequest,
  who: { readonly hostname: string; readonly serial: string },
): SimReply {
  const { method, path } = request
  const state = sim.state()
  const ok = (body: unknown): SimReply => ({ status: 200, body })
  if (path === '/api/version') {
    return ok({
      api: '2.0.0',
      server: '2.1.2',
      text: 'PrusaLink',
      hostname: who.hostname,
      nozzle_diameter: 0.4,
    })
  }
  if (path === '/api/v1/info') return ok({ nozzle_diameter: 0.4, ...who })
  if (path === '/api/v1/status') return ok(statusOf(state))
  if (path === '/api/v1/storage') {
    return ok({
      storage_list: [{ path: '/usb/', name: 'usb', type: 'USB', read_only: false, available: true }],
    })
  }
  if (path === '/api/v1/job') return jobReply(state)
  if (path.startsWith('/api/v1/job/')) return control(sim, method, path)
  if (path.startsWith('/api/v1/files/usb')) return prusaLinkFiles(sim, request)
  return { status: 404 }
}

const tenths = (value: number) => Math.round(value * 10) / 10

function statusOf(state: SimState) {
  const { job } = state
  return {
    printer: {
      state: words[state.machine],
      temp_nozzle: tenths(state.nozzle.actualC),
      target_nozzle: state.nozzle.targetC,
      temp_bed: tenths(state.bed.actualC),
      target_bed: state.bed.targetC,
      axis_z: state.zMm,
      flow: 100,
      speed: 100,
      fan_print: state.fanPercent * 50,
      status_printer: { ok: state.fault === undefined, message: state.fault ? messages[state.fault] : 'OK' },
    },
    ...(job &&
      isJobOn(state) && {
        job: {
          id: job.id,
          progress: Math.round(progressOf(job) * 100),
          time_remaining: Math.round(job.file.durationS - job.printedS),
          time_printing: Math.round(job.elapsedS),
        },
      }),
  }
}

const messages = {
  'filament-runout': 'Filament runout detected',
  'thermal-runaway': 'Thermal runaway',
  'user-stop': 'Stopped',
}

function jobReply(state: SimState): SimReply {
  const { job } = state
  if (job === undefined || !isJobOn(state)) return { status: 204 }
  const short = `/usb/${shortPath(job.file.path)}`.split('/')
  const file = {
    name: short.at(-1),
    display_name: job.file.path.split('/').at(-1),
    path: short.slice(0, -1).join('/'),
    size: job.file.sizeBytes,
  }
  // printer-protocols 7.2: in /job a Buddy board shows PAUSED where /status shows ATTENTION.
  const word = state.machine === 'attention' ? 'PAUSED' : words[state.machine]
  return { status: 200, body: { id: job.id, state: word, progress: Math.round(progressOf(job) * 100), file } }
}

function control(sim: SimPrinter, method: string, path: string): SimReply {
  const [, id, verb] = /^\/api\/v1\/job\/(\d+)(?:\/(\w+))?$/.exec(path) ?? []
  const state = sim.state()
  if (!isJobOn(state) || state.job?.id !== Number(id)) return { status: 404 }
  const kind = method === 'DELETE' ? 'cancel' : verb === 'resume' ? 'resume' : 'pause'
  return { status: sim.act({ kind }) ? 204 : 409 }
}
