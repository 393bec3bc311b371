import { GantryError, isGantryError } from '../../../contract/error.ts'
import type { DriverContext } from '../../driver/driver.ts'
import type { SerialPortInfo } from '../../serial/serial-ports.ts'
import { findPort } from './fingerprint.ts'
import type { Firmware } from './identity.ts'
import { type LineClient, openLine } from './line-client.ts'
import { boardOf } from './usb-ids.ts'
import type { BuildVolume, FirmwareIdentity, Reach } from './wire/firmware.ts'
import { parseReply } from './wire/reply.ts'
import { START_WAIT_MS } from './wire/sender-state.ts'

/** printer-protocols 2.4: the usual ones first; what follows only when noise says that somebody is there. */
const usualBauds = [115_200, 250_000]
const otherBauds = [230_400, 57_600, 38_400, 19_200, 9_600, 500_000, 1_000_000]
/** It may be busy: then the question waits behind what it does. */
const ANSWER_LIMIT_MS = 60_000
/** After its `ok`. */
const IDENTITY_LIMIT_MS = 5_000
const NEXT_BAUD_MS = 1_000
/** A board that did not say start at the first speed may say it unread at the next; it is greeted three times anyway. */
const LATER_START_WAIT_MS = 2_000

export interface SerialConfig {
  readonly port: string
  readonly baudRate: number
  readonly identity?: string | undefined
  /** The speed at which it answered last. */
  readonly foundBaudRate?: number | undefined
  /** What opening its port did: see docs/decisions/0093. */
  readonly opening?: 'resets' | 'harmless' | undefined
  /** Why it is not opened unless a person asks for it. */
  readonly leave?: Leave | undefined
}

export type Leave = '' | 'printing' | 'halted'

export interface Greeted {
  readonly line: LineClient
  readonly firmware: Firmware
  readonly port: SerialPortInfo | undefined
  /** DTR resets this board at any time. */
  readonly resets: boolean
  /** What is worth knowing at the next opening. */
  readonly learnt: { readonly opening?: 'resets' | 'harmless'; readonly foundBaudRate?: number }
}

/** Opens the port, finds the speed, and makes sure that what answers is a printer. */
export async function greet(config: SerialConfig, ctx: DriverContext): Promise<Greeted> {
  leaveAlone(config, ctx)
  const bridge = config.port.startsWith('tcp:')
  const found = findPort(config, bridge ? [] : await ctx.serial.list())
  if (!found) {
    throw new GantryError(
      'printer.offline',
      'This printer is not plugged in where it was, and what is there now is another one.',
      { port: config.port },
    )
  }
  const board = boardOf(found.info?.vendorId, found.info?.productId)
  const native = bridge || board?.board === 'native'
  const harmless = native || config.opening === 'harmless'
  const { line, baudRate } = await openAtSomeSpeed(config, ctx, {
    path: found.path,
    signals: board?.board === 'native',
    startWaitMs: harmless ? 0 : START_WAIT_MS,
  })
  try {
    const firmware = await identify(line, ctx)
    // A board that once started anew may do so again when it was unplugged, whatever it did this time.
    const opening = saidStart(line.banner) || config.opening === 'resets' ? 'resets' : 'harmless'
    const resets = !native && opening === 'resets'
    return { line, firmware, port: found.info, resets, learnt: { opening, foundBaudRate: baudRate } }
  } catch (thrown) {
    await line.close()
    throw thrown
  }
}

/** The banner right after opening: the board heard DTR and began anew. */
function saidStart(banner: readonly string[]): boolean {
  return banner.some(text => text === 'start' || /^Marlin \d|(?:External|Software|Watchdog) Reset/.test(text))
}

/** Opening a port is not harmless: what a reset would destroy is opened by a person only. */
function leaveAlone({ opening, leave }: SerialConfig, { byHand }: DriverContext): void {
  if (byHand || opening !== 'resets' || !leave) return
  throw new GantryError(
    'printer.left-alone',
    leave === 'printing'
      ? 'It may be printing from its own card, and opening its port would start it anew. Connect it yourself when it is done.'
      : 'It had stopped itself, and opening its port would start it anew. Look at the machine first, then connect it yourself.',
    { reason: leave },
  )
}

async function openAtSomeSpeed(
  config: SerialConfig,
  ctx: DriverContext,
  options: { readonly path: string; readonly signals: boolean; readonly startWaitMs: number },
): Promise<{ readonly line: LineClient; readonly baudRate: number }> {
  // A bridge has its own speed, and USB in the processor has none.
  const fixed = config.baudRate > 0 ? [config.baudRate] : undefined
  const bauds = options.path.startsWith('tcp:') || options.signals ? usualBauds.slice(0, 1) : usualBauds
  const { foundBaudRate: found = 0 } = config
  const likely = bauds.length > 1 && found > 0 ? [found, ...bauds] : bauds
  let noise = false
  let failure: unknown
  for (const baudRate of fixed ?? new Set([...likely, ...otherBauds])) {
    if (!fixed && !likely.includes(baudRate) && !noise) break
    if (failure) await pause(NEXT_BAUD_MS, ctx)
    try {
      const startWaitMs = failure ? Math.min(LATER_START_WAIT_MS, options.startWaitMs) : options.startWaitMs
      return { line: await openLine({ ...options, startWaitMs, baudRate }, ctx), baudRate }
    } catch (thrown) {
      if (!isGantryError(thrown, 'wire.timeout')) throw thrown
      if (thrown.details.noise === true) noise = true
      failure = thrown
      ctx.log.debug('no printer at this speed', { baudRate, noise })
    }
  }
  throw failure
}

function pause(delayMs: number, ctx: DriverContext): Promise<void> {
  return new Promise((resolve, reject) => {
    const onAbort = () => {
      stop()
      reject(new GantryError('cancelled', 'Opening the printer was cancelled.'))
    }
    const stop = ctx.clock.after(delayMs, 'printers.marlin next speed', () => {
      ctx.signal.removeEventListener('abort', onAbort)
      resolve()
    })
    ctx.signal.addEventListener('abort', onAbort)
  })
}

/** M115; lines may come before its `ok` or, from some firmware, after it. */
async function identify(line: LineClient, ctx: DriverContext): Promise<Firmware> {
  const capabilities = new Set<string>()
  let identity: FirmwareIdentity | undefined
  let volume: BuildVolume | undefined
  let reach: Reach | undefined
  let onIdentity = () => {}
  let gone: GantryError | undefined
  const off = line.onMessage(message => {
    if (message.kind === 'ended') {
      gone = new GantryError(message.problem.code, message.problem.message)
      onIdentity()
    }
    if (message.kind !== 'heard') return
    for (const reply of parseReply(message.text)) {
      if (reply.kind === 'capability' && reply.on) capabilities.add(reply.name)
      else if (reply.kind === 'area') {
        volume ??= reply.volume
        reach ??= reply.reach
      } else if (reply.kind === 'firmware') {
        identity = reply.identity
        onIdentity()
      }
    }
  })
  const answered = (question: string) => limited(line.command(question), ANSWER_LIMIT_MS, ctx)
  try {
    await answered('M115')
    if (!identity && !gone) {
      const told = new Promise<void>(resolve => {
        onIdentity = resolve
      })
      await limited(told, IDENTITY_LIMIT_MS, ctx)
    }
    // Where it may go decides where a pause parks it.
    if (identity && !gone && !reach) await answered('M211')
  } finally {
    off()
  }
  if (ctx.signal.aborted) throw new GantryError('cancelled', 'Opening the printer was cancelled.')
  if (gone) throw gone
  if (!identity) {
    throw new GantryError(
      'wire.malformed',
      'Something answers at this port, but it does not say that it is a printer. Is it the right port?',
    )
  }
  const free = line.banner
    .map(text => /Free Memory:\s*(\d+)/.exec(text)?.[1])
    .find(each => each !== undefined)
  return {
    identity,
    capabilities,
    volume,
    reach,
    freeMemoryBytes: free === undefined ? undefined : Number(free),
  }
}

/** Resolves with the answer, or early when nobody should wait longer: the caller looks at what came of it. */
function limited(answer: Promise<unknown>, limitMs: number, ctx: DriverContext): Promise<void> {
  return new Promise(resolve => {
    const done = () => {
      stop()
      ctx.signal.removeEventListener('abort', done)
      resolve()
    }
    const stop = ctx.clock.after(limitMs, 'printers.marlin identity', done)
    ctx.signal.addEventListener('abort', done)
    answer.then(done, done)
  })
}
