import { createReadStream } from 'node:fs'
import type { Readable } from 'node:stream'
import { GantryError, toGantryError } from '../../../../contract/error.ts'
import type { Clock } from '../../../../lib/clock.ts'
import { readSame } from '../../../wire/print-file.ts'
import { isFlowing, isLive, nextStream, type StreamInput, type StreamState } from '../wire/stream-machine.ts'
import type { Exchange } from './exchange.ts'
import { createGcodeFeed, type FeedLine, type GcodeFeed } from './gcode-feed.ts'
import { breaksOff, extrudes, hostMeaning } from './gcode-line.ts'
import { type ModalState, nextModal, startModal } from './modal-state.ts'
import { createPause } from './pause.ts'
import type { PrintPlan, StreamStatus } from './protocol.ts'
import { homedBy, leaveScript } from './scripts.ts'
import { createUnderrunMeter } from './underrun-meter.ts'

const RING = 512
/** Number, checksum and line end that our own framing adds to a line of a file. */
const FRAMING_BYTES = 16

/** `firmware`: it has parked already and only tells. `runout`: it asks its host to pause, for want of filament. */
export type PausedBy = 'host' | 'firmware' | 'runout'

/** One print fed from this machine's disk. */
export interface Print {
  readonly state: StreamState
  status(): StreamStatus
  start(): void
  pause(by?: PausedBy): void
  resume(): void
  cancel(): void
  fail(reason: string): void
  late(lateMs: number): void
  /** True until the last script is done. */
  readonly live: boolean
}

export interface PrintOptions {
  readonly clock: Clock
  readonly plan: PrintPlan
  readonly exchange: Exchange
  /** Heaters and fans off. */
  readonly coolScript: () => readonly string[]
  /** Breaks a wait for heat, where the firmware hears that out of turn. */
  readonly breakWait: () => void
  readonly changed: () => void
  readonly open?: (plan: PrintPlan) => Readable
}

export function createPrint(options: PrintOptions): Print {
  const { plan, exchange, changed } = options
  const open = options.open ?? openPlanned
  const meter = createUnderrunMeter()
  /** By line number: which number it was, and where in the file it comes from. */
  const sentNumbers = new Float64Array(RING)
  const sentEnds = new Float64Array(RING)
  const sentFileLines = new Float64Array(RING)
  const resendsBefore = exchange.health.resends
  let state: StreamState = { kind: 'none' }
  let modal: ModalState = startModal
  let homed = ''
  let extruded = false
  let pausedBy: PausedBy = 'host'
  let acknowledgedBytes = 0
  let acknowledgedLines = 0
  let fileLine = 0
  let taken = 0
  let feed: GcodeFeed | undefined
  /** The line at the head of the feed, looked at once. */
  let upcoming: string | undefined
  let startedAtMs: number | undefined
  let endedAtMs: number | undefined

  const elapsedMs = () =>
    startedAtMs === undefined ? 0 : (endedAtMs ?? options.clock.elapsed()) - startedAtMs
  const input = (next: StreamInput): boolean => {
    const after = nextStream(state, next)
    if (!after) return false
    state = after
    changed()
    return true
  }
  const stopFeeding = () => {
    exchange.setSource(undefined)
    feed?.close()
    upcoming = undefined
  }
  const fail = (reason: string) => {
    if (!isLive(state)) return
    stopFeeding()
    input({ kind: 'fail', reason })
  }
  /** The file cannot go on, but the printer hears us: nothing stays hot. */
  const failCool = (reason: string) => {
    fail(reason)
    for (const command of endScript()) inBackground(exchange.send(command))
  }
  const endScript = () => [...options.coolScript(), ...leaveScript({ homed, extruded })]
  /** Runs a script in order; a print that has moved on meanwhile does not go further with it. */
  const run = async (script: readonly string[], whileIn: StreamState['kind']): Promise<boolean> => {
    for (const command of script) {
      if (state.kind !== whileIn) return false
      await exchange.send(command)
    }
    return state.kind === whileIn
  }
  const inBackground = (work: Promise<unknown>) => {
    work.catch((thrown: unknown) => fail(toGantryError(thrown).message))
  }

  /** The next line to write, past what a host keeps back. */
  const peek = (): string | undefined => {
    if (!isFlowing(state) || !feed) return undefined
    return upcoming ?? look(feed)
  }
  const look = (feed: GcodeFeed): string | undefined => {
    for (let line = feed.peek(); line; line = feed.peek()) {
      const meaning = hostMeaning(line.command)
      if (meaning === undefined) {
        upcoming = isSendable(line) ? line.command : undefined
        return upcoming
      }
      feed.take()
      if (meaning === 'pause') {
        pause()
        return undefined
      }
    }
    if (feed.error) failCool(feed.error.message)
    finishIfDone()
    return undefined
  }
  const isSendable = ({ command, fileLine }: FeedLine): boolean => {
    const isTooLong = command.length + FRAMING_BYTES > plan.lineLimitBytes
    if (isTooLong) failCool(`Line ${fileLine} of the file is longer than this printer can take.`)
    else if (breaksOff(command)) failCool(`Line ${fileLine} of the file has a line break in its middle.`)
    else return true
    return false
  }
  const finishIfDone = () => {
    if (!feed?.ended || acknowledgedLines < taken || !input({ kind: 'all-acknowledged' })) return
    exchange.setSource(undefined)
    acknowledgedBytes = plan.sizeBytes
    endedAtMs = options.clock.elapsed()
    inBackground(
      run(['M400', ...plan.epilog], 'finishing').then(done => {
        if (done) input({ kind: 'drained' })
      }),
    )
  }

  const source = {
    peek,
    took(number: number, gapMs: number) {
      const line = feed?.peek()
      if (!line) return
      feed?.take()
      upcoming = undefined
      startedAtMs ??= options.clock.elapsed()
      taken += 1
      sentNumbers[number % RING] = number
      sentEnds[number % RING] = line.endByte
      sentFileLines[number % RING] = line.fileLine
      modal = nextModal(modal, line.command)
      // Before the first extrusion a pause leaves nothing on the part.
      if (state.kind === 'printing') meter.gap(gapMs)
      homed = homedBy(line.command, homed)
      if (!extruded && extrudes(line.command)) {
        extruded = true
        input({ kind: 'extruded' })
      }
    },
    acknowledged(number: number) {
      if (sentNumbers[number % RING] !== number) return
      acknowledgedLines += 1
      acknowledgedBytes = sentEnds[number % RING] ?? acknowledgedBytes
      fileLine = sentFileLines[number % RING] ?? fileLine
      finishIfDone()
    },
  }

  const modes = createPause({
    plan,
    send: command => exchange.send(command),
    run,
    footing: () => ({ homed, extruded }),
    modal: () => modal,
  })
  /** Asked for while it was on its way back. */
  let pauseWanted: PausedBy | undefined
  const pause = (by: PausedBy = 'host') => {
    if (state.kind === 'resuming') {
      pauseWanted = by
      options.breakWait()
      return
    }
    if (!input({ kind: 'pause' })) return
    pausedBy = by
    if (by === 'firmware') input({ kind: 'parked' })
    else inBackground(park())
  }
  const park = async () => {
    if (await modes.park()) input({ kind: 'parked' })
  }
  const goOn = async () => {
    // The sensor is asked again: who loads filament may have been called away.
    if (pausedBy === 'runout' && (await modes.lacksFilament())) return void input({ kind: 'stay' })
    if (pausedBy !== 'firmware') {
      if (!(await modes.heat())) return
      // Still parked, and perhaps colder than it should be: it stays there.
      if (pauseWanted) return void input({ kind: 'stay' })
      if (!(await modes.goBack())) return
    }
    if (!input({ kind: 'restored' })) return
    if (pauseWanted) pause(pauseWanted)
    flow()
  }
  const flow = () => {
    exchange.setSource(source)
  }

  return {
    get state() {
      return state
    },
    get live() {
      return isLive(state)
    },
    status: () => ({
      state: state.kind,
      ...(state.kind === 'failed' ? { reason: state.reason } : {}),
      acknowledgedBytes,
      sizeBytes: plan.sizeBytes,
      acknowledgedLines,
      fileLine,
      aheadBytes: feed?.aheadBytes ?? 0,
      resends: exchange.health.resends - resendsBefore,
      underruns: meter.read().count,
      worstGapMs: meter.read().worstMs,
      elapsedMs: elapsedMs(),
    }),
    start() {
      input({ kind: 'start' })
      // The renumbering goes out before the prolog, the prolog before the file.
      exchange.renumber()
      feed = createGcodeFeed(
        () => open(plan),
        () => exchange.pump(),
      )
      inBackground(
        run(plan.prolog, 'preparing').then(done => {
          if (done) flow()
        }),
      )
    },
    pause,
    resume() {
      if (!input({ kind: 'resume' })) return
      pauseWanted = undefined
      if (pausedBy === 'firmware') options.breakWait()
      inBackground(goOn())
    },
    cancel() {
      if (!input({ kind: 'cancel' })) return
      stopFeeding()
      options.breakWait()
      inBackground(
        run(endScript(), 'cancelling').then(done => {
          if (done) input({ kind: 'cooled' })
        }),
      )
    },
    fail,
    late(lateMs) {
      if (state.kind === 'printing') meter.gap(lateMs)
    },
  }
}

const openPlanned = ({ path, inode }: PrintPlan): Readable =>
  inode === undefined ? createReadStream(path) : readSame(path, inode)

export function printBusy(): GantryError {
  return new GantryError('printer.busy', 'A print is running already. Cancel it before you start another.')
}
