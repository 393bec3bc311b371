import { GantryError, isGantryError } from '../../../contract/error.ts'
import type { Capabilities } from '../../../contract/printer.ts'
import { admit, admitPrint } from '../../driver/admission.ts'
import type { DriverContext, PrinterCommand, PrinterSession } from '../../driver/driver.ts'
import { createSessionVoice } from '../../driver/session-voice.ts'
import type { FileKind } from '../../wire/file-kind.ts'
import { createPoller } from '../../wire/poller.ts'
import { copied } from '../../wire/print-file.ts'
import { readReply } from '../../wire/readings.ts'
import { encodePath, fileRoom } from './files.ts'
import { createReader } from './reader.ts'
import { info, job, status, storage, version } from './reply.ts'
import { accepted, createWire, type PrusaLinkConfig, type PrusaLinkWire } from './wire.ts'

/** printer-protocols 7.2: asking more often starves the printer's own cloud link. */
const periodMs = { running: 5_000, idle: 12_000, focused: 2_000 }
const controlTimeoutMs = 15_000

export async function openSession(
  config: PrusaLinkConfig,
  can: Capabilities,
  ctx: DriverContext,
): Promise<PrinterSession> {
  const life = new AbortController()
  const signal = AbortSignal.any([ctx.signal, life.signal])
  const wire = createWire(config, ctx, signal)
  const voice = createSessionVoice(() => life.abort())
  const reader = createReader(voice, ctx.clock)
  let focused = false
  let drive: string
  let accepts: readonly FileKind[]

  const ask = async () => {
    const reply = accepted(await wire.send({ method: 'GET', path: 'api/v1/status' }), 'the state')
    const now = readReply(reply.text, status, 'the state')
    reader.hear(now, reply.headers.date)
    if (!reader.wantsDetails()) return
    const about = await wire.send({ method: 'GET', path: 'api/v1/job' })
    if (about.status === 200) reader.describe(readReply(about.text, job, 'the job'))
  }
  try {
    accepts = await greet(wire, reader)
    drive = await findDrive(wire, reader)
    await ask()
  } catch (thrown) {
    life.abort()
    throw thrown
  }
  const poller = createPoller({
    clock: ctx.clock,
    name: 'printers.prusalink poll',
    periodMs: () => (focused ? periodMs.focused : reader.running() ? periodMs.running : periodMs.idle),
    ask,
    onGone: reason => voice.end(reason),
  })
  signal.addEventListener('abort', poller.stop)

  const call = async ({ method, path, what }: Call, own?: AbortSignal) => {
    const either = own ? AbortSignal.any([signal, own]) : signal
    const request = { method, path, lane: 'control', timeoutMs: controlTimeoutMs, signal: either } as const
    accepted(await wire.send(request), what)
    poller.hurry()
  }
  return {
    can,
    accepts,
    on: voice.on,
    async perform(command, own) {
      admit(can, command)
      refuseWhenOver(voice.over)
      await call(callOf(command, reader.jobId()), own)
      if (command.kind === 'cancel') reader.cancelling()
    },
    async begin(what, own) {
      admitPrint(can, what)
      refuseWhenOver(voice.over)
      if (what.from === 'printer') await call(fileCall('POST', what.path), own)
      return copied
    },
    ...fileRoom({ wire, drive, ctx, signal, printing: reader.printing }),
    focus(on) {
      focused = on
      if (on) poller.hurry()
    },
    async close() {
      voice.silence()
      life.abort()
    },
  }
}

function refuseWhenOver(over: boolean): void {
  if (over) throw new GantryError('wire.closed', 'The connection to the printer is closed.')
}

async function greet(
  wire: PrusaLinkWire,
  reader: ReturnType<typeof createReader>,
): Promise<readonly FileKind[]> {
  const somethingElse = () =>
    new GantryError(
      'wire.malformed',
      `${wire.base.host} answers, but it is not PrusaLink. Is the address right?`,
    )
  try {
    const about = await wire.get('api/version', version, 'the version')
    if (!isPrusaLink(about.text)) throw somethingElse()
    reader.device(about, await wire.get('api/v1/info', info, 'the printer'))
    // A Raspberry Pi names the printer it feeds, line by line and in text.
    return about.original === undefined ? ['gcode', 'bgcode'] : ['gcode']
  } catch (thrown) {
    if (isGantryError(thrown, 'file.unknown', 'wire.malformed')) throw somethingElse()
    throw thrown
  }
}

export function isPrusaLink(text: string): boolean {
  return /^PrusaLink/.test(text)
}

/** Buddy boards print from `/usb`, the Raspberry Pi from `/local`. */
async function findDrive(wire: PrusaLinkWire, reader: ReturnType<typeof createReader>): Promise<string> {
  try {
    const { storage_list } = await wire.get('api/v1/storage', storage, 'the storage')
    reader.drives(storage_list.map(each => ({ ...each, path: each.path.replace(/\/$/, '') })))
    const usable = storage_list.find(each => each.available !== false && !each.read_only)
    return `/${(usable?.path ?? storage_list[0]?.path ?? 'usb').replaceAll('/', '')}`
  } catch (thrown) {
    if (isGantryError(thrown, 'file.unknown', 'wire.malformed')) return '/usb'
    throw thrown
  }
}

interface Call {
  readonly method: 'POST' | 'PUT' | 'DELETE'
  readonly path: string
  /** What a refusal is about. */
  readonly what: string
}

const fileCall = (method: 'POST' | 'DELETE', path: string): Call => ({
  method,
  path: `api/v1/files${encodePath(path.startsWith('/') ? path : `/usb/${path}`)}`,
  what: 'this file',
})

function callOf(command: PrinterCommand, jobId: number | undefined): Call {
  if (command.kind === 'delete-file') return fileCall('DELETE', command.path)
  if (jobId === undefined) throw new GantryError('printer.not-printing', 'Nothing is being printed.')
  const what = 'this job'
  if (command.kind === 'cancel') return { method: 'DELETE', path: `api/v1/job/${jobId}`, what }
  return { method: 'PUT', path: `api/v1/job/${jobId}/${command.kind}`, what }
}
