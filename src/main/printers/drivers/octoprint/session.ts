import { GantryError, isGantryError } from '../../../contract/error.ts'
import type { Capabilities } from '../../../contract/printer.ts'
import { admit, admitPrint } from '../../driver/admission.ts'
import type { DriverContext, PrinterSession, RemoteFile } from '../../driver/driver.ts'
import { createRunKeeper, type RunSight } from '../../driver/run-keeper.ts'
import { createSessionVoice } from '../../driver/session-voice.ts'
import { formOf } from '../../wire/multipart.ts'
import { createPoller } from '../../wire/poller.ts'
import { copied } from '../../wire/print-file.ts'
import { known, parseJson, readReply } from '../../wire/readings.ts'
import { remoteName } from '../../wire/remote-name.ts'
import { openSocket, type SocketLine } from '../../wire/socket-line.ts'
import { type Call, callOf, printOf } from './commands.ts'
import { tellDevice } from './device.ts'
import { addressOfPlace, nameOfFile, nameOfPlace, placeOf } from './place.ts'
import { createReader } from './reader.ts'
import {
  type FileEntry,
  fileHistory,
  files,
  isOctoPrint,
  job,
  lastError,
  login,
  printer,
  push,
  uploaded,
  version,
  waitingPrompt,
} from './reply.ts'
import { accepted, createWire, type OctoPrintConfig, type OctoPrintWire } from './wire.ts'

const pollPeriodMs = 5_000
/** Old ones, and new ones that are told to, spell every name in ASCII. */
const nameRule = { longestBytes: 180, respells: true }
/** For one piece of the file to move. */
const uploadStallMs = 60_000

export async function openSession(
  config: OctoPrintConfig,
  can: Capabilities,
  ctx: DriverContext,
): Promise<PrinterSession> {
  const life = new AbortController()
  const signal = AbortSignal.any([ctx.signal, life.signal])
  const wire = createWire(config, ctx, signal)
  const voice = createSessionVoice(() => life.abort())
  const runs = createRunKeeper({
    clock: ctx.clock,
    ask: sight => askRun(wire, sight),
    onKnown: () => reader.runKnown(),
  })
  const reader = createReader(voice, runs, ctx)
  let socket: SocketLine | undefined
  try {
    const about = await greet(wire)
    await tellDevice(wire, about, voice)
    await ask(wire, reader)
    await askPrompt(wire, reader)
    await askError(wire, reader)
    socket = await listen(wire, ctx, signal)
  } catch (thrown) {
    life.abort()
    throw thrown
  }
  const line = socket
  line.onMessage(message => {
    const parsed = push.safeParse(message)
    if (!parsed.success) return
    if ('reauthRequired' in parsed.data) signIn(wire, line, reader.focused).catch(() => {})
    else reader.hear(parsed.data)
  })
  line.onClose(reason => voice.end(reason))
  const poller = createPoller({
    clock: ctx.clock,
    name: 'printers.octoprint poll',
    periodMs: () => pollPeriodMs,
    ask: () => ask(wire, reader),
    onGone: reason => voice.end(reason),
  })
  signal.addEventListener('abort', () => {
    poller.stop()
    runs.stop()
    line.close()
  })
  try {
    await signIn(wire, line, false)
  } catch (thrown) {
    life.abort()
    throw thrown
  }

  const call = async ({ method, path, body }: Call, own?: AbortSignal) => {
    refuseWhenOver(voice.over)
    await wire.send(method, path, body, own ? AbortSignal.any([signal, own]) : signal)
    poller.hurry()
  }
  return {
    can,
    on: voice.on,
    async perform(command, own) {
      admit(can, command)
      await call(callOf(command), own)
    },
    async begin(what, own) {
      admitPrint(can, what)
      if (what.from === 'printer') await call(printOf(what.path), own)
      return copied
    },
    async put(file, progress, own): Promise<RemoteFile> {
      refuseWhenOver(voice.over)
      const name = remoteName(file.name, nameRule)
      const boundary = `gantry-${Math.floor(ctx.random() * 2 ** 48).toString(16)}`
      await wire.freshen(AbortSignal.any([signal, own]))
      const form = formOf(file, { name, fields: {}, boundary, onSent: progress })
      const reply = await wire.raw({
        method: 'POST',
        path: 'api/files/local',
        lane: 'bulk',
        headers: { 'content-type': form.contentType },
        body: form.body,
        timeoutMs: uploadStallMs,
        signal: AbortSignal.any([signal, own]),
      })
      const taken = uploaded.parse(parseJson(accepted(reply, 'the file').text))?.files.local
      return { path: taken?.path ?? name, name: taken?.name ?? name, sizeBytes: file.sizeBytes }
    },
    async listFiles(own) {
      const path = 'api/files?recursive=true'
      const reply = await wire.raw({ method: 'GET', path, signal: AbortSignal.any([signal, own]) })
      return readReply(accepted(reply, 'the files').text, files, 'the files').files.flatMap(flat)
    },
    focus(focused) {
      reader.focused = focused
      line.send(subscription(focused))
    },
    async close() {
      voice.silence()
      life.abort()
    },
  }
}

function refuseWhenOver(over: boolean): void {
  if (over) throw new GantryError('wire.closed', 'The connection to OctoPrint is closed.')
}

/** Is it OctoPrint, and is the key right? */
async function greet(wire: OctoPrintWire): Promise<{ readonly server?: string; readonly api?: string }> {
  const somethingElse = () =>
    new GantryError(
      'wire.malformed',
      `${wire.base.host} answers, but it is not OctoPrint. Is the address right?`,
    )
  try {
    const { text, server, api } = await wire.get('api/version', version, 'the version')
    if (!isOctoPrint(text)) throw somethingElse()
    return known({ server, api })
  } catch (thrown) {
    if (isGantryError(thrown, 'file.unknown', 'wire.malformed')) throw somethingElse()
    if (isGantryError(thrown, 'printer.credentials') && (await isLookalike(wire))) throw somethingElse()
    throw thrown
  }
}

/** Moonraker answers OctoPrint's questions, and refuses a wrong key before it says who it is; without a key it says. */
async function isLookalike(wire: OctoPrintWire): Promise<boolean> {
  const reply = await wire.raw({ method: 'GET', path: 'api/version', headers: { 'x-api-key': '' } })
  const about = version.safeParse(parseJson(reply.text))
  return reply.status === 200 && about.success && !isOctoPrint(about.data.text)
}

/** The REST side of the state: beside the socket, because a socket that is silent looks like a printer that is. */
async function ask(wire: OctoPrintWire, reader: ReturnType<typeof createReader>): Promise<void> {
  const reply = await wire.raw({ method: 'GET', path: 'api/printer?history=false&exclude=sd' })
  if (reply.status === 409) reader.printerGone()
  else reader.asked(readReply(accepted(reply, 'the state').text, printer, 'the state'))
  reader.askedJob(await wire.get('api/job', job, 'the job'))
}

/** OctoPrint has no id for a run. It counts those of a file once they are over, so the one that is on is the next. */
async function askRun(wire: OctoPrintWire, { file, isOn }: RunSight): Promise<string> {
  const place = placeOf(file)
  // Of a card's files it counts nothing; by their time they are told apart at once.
  if (place.path === '' || nameOfPlace(place) !== place.path)
    throw new GantryError('file.unknown', 'OctoPrint counts no prints from a card.')
  const { date = 0, prints } = await wire.get(addressOfPlace(place), fileHistory, 'the file')
  const { success = 0, failure = 0 } = prints ?? {}
  return `${file}@${date}#${success + failure + (isOn ? 1 : 0)}`
}

/** OctoPrint pushes a question once; who comes later must ask for it. Its plug-in may be off or forbidden to us. */
async function askPrompt(wire: OctoPrintWire, reader: ReturnType<typeof createReader>): Promise<void> {
  const reply = await wire.raw({ method: 'GET', path: 'api/plugin/action_command_prompt' })
  if (reply.status === 200) reader.askedPrompt(waitingPrompt.parse(parseJson(reply.text)))
}

/** A fault is pushed once too. Before 1.10 OctoPrint has no answer to this, and without one it told nothing. */
async function askError(wire: OctoPrintWire, reader: ReturnType<typeof createReader>): Promise<void> {
  const reply = await wire.raw({ method: 'GET', path: 'api/printer/error' })
  const told = reply.status === 200 ? lastError.safeParse(parseJson(reply.text)) : undefined
  if (told?.success) reader.askedError(told.data)
}

function listen(wire: OctoPrintWire, ctx: DriverContext, signal: AbortSignal): Promise<SocketLine> {
  const url = new URL('sockjs/websocket', wire.base)
  const headers = wire.proxyHeaders(url)
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:'
  return openSocket({ url, headers, clock: ctx.clock, signal })
}

/** The order matters: what is subscribed before `auth` is what OctoPrint starts to send with it. */
async function signIn(wire: OctoPrintWire, line: SocketLine, focused: boolean): Promise<void> {
  const reply = await wire.send('POST', 'api/login', { passive: true })
  const { name, session } = readReply(reply.text, login, 'the login')
  line.send(subscription(focused))
  line.send({ auth: `${name}:${session}` })
  line.send({ throttle: 2 })
}

/** The terminal's lines are many; they are asked for only while somebody looks. */
function subscription(focused: boolean): unknown {
  return {
    subscribe: {
      state: { logs: focused, messages: false },
      events: true,
      plugins: ['action_command_prompt'],
    },
  }
}

function flat(entry: FileEntry): RemoteFile[] {
  if (entry.children) return entry.children.flatMap(flat)
  if (entry.type !== undefined && entry.type !== 'machinecode') return []
  const modifiedAt = entry.date === undefined ? undefined : entry.date * 1000
  const path = nameOfFile(entry) ?? entry.path
  // A card knows short names only; what a person called the file is its display.
  const name = path === entry.path ? entry.name : `${entry.display ?? entry.name} (SD)`
  return [{ path, name, ...known({ sizeBytes: entry.size, modifiedAt }) }]
}
