import { GantryError } from '../../../../contract/error.ts'
import type { Clock } from '../../../../lib/clock.ts'
import type { Dispose } from '../../../../lib/dispose.ts'
import type { SerialLine } from '../../../serial/serial-ports.ts'
import { numberLine } from '../wire/checksum.ts'
import { createLineSplitter, looksLikeNoise } from '../wire/frame.ts'
import { parseReply, type Reply } from '../wire/reply.ts'
import { nextSender, nextWrite } from '../wire/sender-machine.ts'
import {
  type Flight,
  HISTORY_LINES,
  type SenderFault,
  type SenderInput,
  startSender,
} from '../wire/sender-state.ts'
import { breaksOff, isLong } from './gcode-line.ts'
import { inputsOf, ofTheTalk } from './sender-inputs.ts'

const TICK_MS = 100
const NUDGE = 'M105'
const QUIET_MS = 60_000
const LATE_ANSWER_MS = 250
/** What one command may print before its `ok`; a listing of a full card is longer than anything else. */
const ANSWER_LINES = 2_000

/** Where the lines of a print come from. */
export interface LineSource {
  peek(): string | undefined
  /** The line just peeked at left; `gapMs` is how long the printer had room for it. */
  took(number: number, gapMs: number): void
  acknowledged(number: number): void
}

export interface TalkEvents {
  /** The firmware answered the greeting. */
  ready(): void
  heard(text: string, replies: readonly Reply[]): void
  sent(text: string): void
  /** The timer came back this much too late. */
  late(lateMs: number): void
  /** Nothing at all was heard for a minute, with something asked; or it is heard again. */
  quiet(on: boolean): void
  /** Nothing more comes of this exchange. */
  failed(fault: SenderFault, noise: boolean): void
}

/** One firmware at the other end of a line: writes in its pace, repeats what it asks for, hears what it says. */
export interface Exchange {
  /** A command in its turn, before any line of a print; resolves with what the firmware printed before its `ok`. */
  send(command: string): Promise<readonly string[]>
  /** At once, bare, before and beside everything else. */
  shout(command: string): void
  /** What the firmware answers comes after its `ok`: a command waits a moment longer for it. */
  answersLate(late: boolean): void
  /** Sets the line numbers back once nothing is in flight. */
  renumber(): void
  setSource(source: LineSource | undefined): void
  /** The source has something again. */
  pump(): void
  readonly health: { readonly resends: number; readonly swallowedOks: number; readonly lines: number }
  /** Rejects what waits and lets go of the line, which stays open. */
  stop(reason: GantryError): void
}

interface Waiting {
  readonly command: string
  readonly answer: string[]
  resolve(lines: readonly string[]): void
  reject(reason: GantryError): void
}

interface Sent {
  readonly number: number
  readonly command: string
  readonly bytes: Buffer
  readonly long: boolean
  readonly asksHeat: boolean
  readonly waiting: Waiting | undefined
  readonly ofSource: boolean
}

export interface TalkOptions {
  readonly clock: Clock
  readonly line: SerialLine
  /** How long its start is awaited before it is spoken to. */
  readonly startWaitMs: number
  readonly events: TalkEvents
}

export function createExchange({ clock, line, startWaitMs, events }: TalkOptions): Exchange {
  const splitter = createLineSplitter()
  const history: (Sent | undefined)[] = new Array(HISTORY_LINES).fill(undefined)
  const queue: Waiting[] = []
  let state = startSender(clock.elapsed(), { startWaitMs })
  let source: LineSource | undefined
  let settled = 0
  let lines = 0
  let stopped = false
  let wantRenumber = false
  let roomSinceMs: number | undefined
  let prepared: Sent | undefined
  let noisyLines = 0
  let tickDueMs = clock.elapsed() + TICK_MS
  let quiet = false
  let isLate = false
  let lateAnswer: string[] | undefined
  const lateTimers = new Set<Dispose>()

  const step = (input: SenderInput) => {
    const before = state
    state = nextSender(before, input)
    if (state.phase.kind === 'running' && before.phase.kind === 'greeting') {
      settled = 0
      events.ready()
    }
    while (settled < state.taken) settle(++settled)
    if (state.phase.kind === 'failed' && before.phase.kind !== 'failed') {
      events.failed(state.phase.fault, noisyLines > 0)
    }
  }
  const settle = (number: number) => {
    const entry = history[number % HISTORY_LINES]
    if (entry?.number !== number) return
    if (entry.ofSource) source?.acknowledged(number)
    const { waiting } = entry
    if (!waiting) return
    if (!isLate) return waiting.resolve(waiting.answer)
    lateAnswer = waiting.answer
    const stopWaiting = clock.after(LATE_ANSWER_MS, 'printers.marlin late answer', () => {
      lateTimers.delete(stopWaiting)
      waiting.resolve(waiting.answer)
    })
    lateTimers.add(stopWaiting)
  }
  const put = (bytes: Buffer) => line.write(bytes)
  const makeLine = (
    number: number,
    command: string,
    waiting: Waiting | undefined,
    ofSource: boolean,
  ): Sent => ({
    number,
    command,
    bytes: Buffer.from(`${numberLine(number, command)}\n`),
    long: isLong(command),
    asksHeat: command === NUDGE,
    waiting,
    ofSource,
  })
  const writeNew = (made: Sent, atMs = clock.elapsed()) => {
    history[made.number % HISTORY_LINES] = made
    lines += 1
    // Told first: the answer may come before the write returns.
    step({ kind: 'wrote-new', ...sizeOf(made), atMs })
    put(made.bytes)
    if (!made.ofSource) events.sent(made.command)
  }
  const writeAgain = (number: number) => {
    const entry = history[number % HISTORY_LINES]
    if (entry?.number !== number) return false
    step({ kind: 'wrote-again', ...sizeOf(entry), atMs: clock.elapsed() })
    put(entry.bytes)
    return true
  }
  const writeFromSource = (nowMs: number): boolean => {
    const command = source?.peek()
    if (source === undefined || command === undefined) {
      if (source !== undefined) roomSinceMs ??= nowMs
      return false
    }
    const number = state.next
    const fits = prepared?.number === number && prepared.command === command
    const made = fits && prepared ? prepared : makeLine(number, command, undefined, true)
    writeNew(made, nowMs)
    source?.took(number, clock.elapsed() - (roomSinceMs ?? nowMs))
    roomSinceMs = undefined
    prepareNext()
    return true
  }
  /** While the printer reads one line the next is made, so that an `ok` is answered by a write and nothing else. */
  const prepareNext = () => {
    const command = source?.peek()
    prepared = command === undefined ? undefined : makeLine(state.next, command, undefined, true)
  }
  /** True when something was written, so that more may follow. */
  const writeOne = (nowMs: number): boolean => {
    const waiting = queue[0]
    const upcoming = waiting?.command ?? source?.peek() ?? ''
    const write = nextWrite(state, upcoming.length + 16)
    switch (write?.kind) {
      case undefined:
        return false
      case 'greeting':
        // The bare line end flushes half a line left in the parser.
        step({ kind: 'wrote-greeting', atMs: clock.elapsed() })
        put(Buffer.from(`\n${numberLine(0, 'M110 N0')}\n`))
        return true
      case 'again':
        return writeAgain(write.number)
      case 'nudge':
        writeNew(makeLine(state.next, NUDGE, undefined, false))
        return true
      case 'new':
        if (wantRenumber && state.flights.length === 0) {
          wantRenumber = false
          step({ kind: 'renumber' })
          return true
        }
        if (wantRenumber) return false
        if (!waiting) return writeFromSource(nowMs)
        queue.shift()
        writeNew(makeLine(state.next, waiting.command, waiting, false))
        return true
    }
  }
  const pump = (nowMs = clock.elapsed()) => {
    while (!stopped && writeOne(nowMs)) {
      // One write makes the next possible, until the window is full.
    }
  }

  const collect = (text: string, replies: readonly Reply[]) => {
    if (replies.some(reply => ofTheTalk.has(reply.kind))) return
    const [head] = state.flights
    const own = head && history[head.number % HISTORY_LINES]?.waiting?.answer
    const answer = isLate ? (lateAnswer ?? own) : own
    if (answer && answer.length < ANSWER_LINES) answer.push(text)
  }
  const hear = (text: string, atMs: number) => {
    if (text === 'ok') return step({ kind: 'heard-ok', atMs })
    const replies = parseReply(text)
    collect(text, replies)
    if (looksLikeNoise(text)) noisyLines += 1
    for (const input of inputsOf(replies, text, atMs, state.phase.kind === 'running')) step(input)
    if (!stopped) events.heard(text, replies)
  }
  const offData = line.onData(chunk => {
    if (stopped) return
    const nowMs = clock.elapsed()
    for (const text of splitter.push(chunk)) if (!stopped && text !== '') hear(text, nowMs)
    pump(nowMs)
  })
  const stopTicking = clock.every(TICK_MS, 'printers.marlin tick', () => {
    const nowMs = clock.elapsed()
    const lateMs = nowMs - tickDueMs
    tickDueMs = nowMs + TICK_MS
    if (lateMs > 0) events.late(lateMs)
    step({ kind: 'time', atMs: nowMs, feeding: source !== undefined })
    if (stopped) return
    const isQuiet = state.flights.length > 0 && nowMs - state.heardMs >= QUIET_MS
    if (isQuiet !== quiet) {
      quiet = isQuiet
      events.quiet(quiet)
    }
    pump()
  })

  const waitingOnes = () =>
    [...history.map(entry => entry?.waiting), ...queue].filter(each => each !== undefined)

  pump()
  return {
    send: command =>
      new Promise((resolve, reject) => {
        if (stopped) return reject(new GantryError('wire.closed', 'The line to the printer is closed.'))
        if (breaksOff(command)) return reject(twoInOne())
        queue.push({ command, answer: [], resolve, reject })
        pump()
      }),
    shout(command) {
      if (breaksOff(command)) return
      put(Buffer.from(`${command}\n`))
      events.sent(command)
    },
    answersLate(late) {
      isLate = late
    },
    renumber() {
      wantRenumber = true
      pump()
    },
    setSource(next) {
      source = next
      roomSinceMs = undefined
      pump()
    },
    pump: () => pump(),
    get health() {
      return { resends: state.resends, swallowedOks: state.swallowedOks, lines }
    },
    stop(reason) {
      if (stopped) return
      stopped = true
      offData()
      stopTicking()
      for (const stopWaiting of lateTimers) stopWaiting()
      // Rejecting what was answered already does nothing.
      for (const each of waitingOnes()) each.reject(reason)
    },
  }
}

function sizeOf({ bytes, long, asksHeat }: Sent): Pick<Flight, 'bytes' | 'long' | 'asksHeat'> {
  return { bytes: bytes.length, long, asksHeat }
}

function twoInOne(): GantryError {
  return new GantryError('request.invalid', 'A command may not hold a line break. It was not sent.')
}
