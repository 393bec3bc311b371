import {
  type Flight,
  freshGreeting,
  HISTORY_LINES,
  type SenderFault,
  type SenderInput,
  type SenderState,
  type Write,
} from './sender-state.ts'

/** Marlin's smallest receive buffer is 64 bytes on old cores; 128 is the default, one byte stays free. */
const RECEIVE_BUFFER_BYTES = 127
/** Marlin keeps four commands in its queue; more may be announced, never assumed. */
const WINDOW_LINES = 4
const GREETING_PATIENCE_MS = 3_000
const GREETINGS = 3
const TIMEOUT_MS = 30_000
const TIMEOUT_WITH_BUSY_MS = 3_000
const LONG_COMMAND_LIMIT_MS = 900_000
const LONG_COMMAND_WITH_BUSY_MS = 30_000
const RESEND_OK_WAIT_MS = 500
const SAME_RESEND_LIMIT = 10
const TIMEOUTS_IDLE = 2
const TIMEOUTS_AT_WORK = 5

/** What may be written now; `lineBytes` is the length of the line that would come next. */
export function nextWrite(state: SenderState, lineBytes = 0): Write | undefined {
  if (state.phase.kind === 'greeting') return state.phase.due ? { kind: 'greeting' } : undefined
  if (state.phase.kind !== 'running') return undefined
  if (state.nudge) return { kind: 'nudge' }
  const replaying = state.replay < state.next
  // A line waiting to be repeated goes alone: what a damaged line dragged along is thrown away by the firmware.
  const window = replaying || state.resend ? 1 : state.windowLines
  if (state.resend?.okSinceMs !== undefined || state.flights.length >= window) return undefined
  if (state.flights.length > 0 && bytesInFlight(state) + lineBytes > RECEIVE_BUFFER_BYTES) return undefined
  return replaying ? { kind: 'again', number: state.replay } : { kind: 'new' }
}

function bytesInFlight(state: SenderState): number {
  return state.flights.reduce((sum, flight) => sum + flight.bytes, 0)
}

/** The state after one input. A failed exchange stays failed: only a new one can follow. */
export function nextSender(state: SenderState, input: SenderInput): SenderState {
  if (state.phase.kind === 'failed') return state
  switch (input.kind) {
    case 'wrote-greeting':
      return wroteGreeting(state, input.atMs)
    case 'wrote-new':
      return wroteNew(state, input)
    case 'wrote-again':
      return wroteAgain(state, input)
    case 'heard-ok':
      return heardOk(state, input)
    case 'renumber':
      return state.phase.kind === 'running' && state.flights.length === 0
        ? { ...state, phase: freshGreeting }
        : state
    case 'heard-wait':
      return heardWait(state, input.atMs)
    case 'heard-busy':
      return { ...state, busySeen: true, lastOkMs: input.atMs, timeouts: 0 }
    case 'heard-start':
      return heardStart(state)
    case 'heard-resend':
      return heardResend(state, input.line, input.atMs)
    case 'heard-number-lost':
      return state.phase.kind === 'greeting' ? greetAgain(state) : release(state, input.atMs)
    case 'time':
      return timePassed(state, input)
    default:
      return unreachable(input)
  }
}

function unreachable(input: never): never {
  throw new TypeError(`not an input of the sender: ${JSON.stringify(input)}`)
}

function fail(state: SenderState, fault: SenderFault): SenderState {
  return { ...state, phase: { kind: 'failed', fault } }
}

function wroteGreeting(state: SenderState, atMs: number): SenderState {
  const written = state.phase.kind === 'greeting' ? state.phase.written + 1 : 1
  return {
    ...state,
    phase: { kind: 'greeting', written, againMs: atMs + GREETING_PATIENCE_MS, due: false, owedOk: false },
  }
}

function greetAgain(state: SenderState): SenderState {
  return state.phase.kind === 'greeting' ? { ...state, phase: { ...state.phase, due: true } } : state
}

function wroteNew(state: SenderState, input: { bytes: number; long: boolean; atMs: number }): SenderState {
  const after = copyOf(state)
  after.next = state.next + 1
  // A nudge goes out of turn and may overtake lines that still wait to be repeated.
  if (state.replay === state.next) after.replay = after.next
  if (state.flights.length === 0) after.lastOkMs = input.atMs
  after.flights = [
    ...state.flights,
    { number: state.next, bytes: input.bytes, long: input.long, nudge: state.nudge },
  ]
  after.nudge = false
  return after
}

function wroteAgain(state: SenderState, input: { bytes: number; long: boolean; atMs: number }): SenderState {
  const flight = { number: state.replay, bytes: input.bytes, long: input.long, nudge: false }
  return { ...state, replay: state.replay + 1, flights: [...state.flights, flight], lastOkMs: input.atMs }
}

function heardOk(
  state: SenderState,
  input: { queueFree?: number; temperatures?: boolean; atMs: number },
): SenderState {
  if (state.phase.kind !== 'running') return answeredGreeting(state, input.atMs)
  if (state.resend?.okSinceMs !== undefined) {
    // The `ok` that belongs to the resend itself: it takes no line, it lets the repeat go.
    return { ...state, resend: { ...state.resend, okSinceMs: undefined }, lastOkMs: input.atMs, timeouts: 0 }
  }
  if (state.owedOks > 0) return { ...state, owedOks: state.owedOks - 1, lastOkMs: input.atMs }
  const windowLines = windowAfter(state, input.queueFree)
  return releaseNudged(
    windowLines === state.windowLines ? state : { ...state, windowLines },
    input.atMs,
    input.temperatures === true,
  )
}

/** Only the nudge prints temperatures with its `ok`: whatever it was to bring back before it is lost for good. */
function releaseNudged(state: SenderState, atMs: number, temperatures: boolean): SenderState {
  const nudge = temperatures ? state.flights.findIndex(flight => flight.nudge) : -1
  return release(nudge > 0 ? { ...state, flights: state.flights.slice(nudge) } : state, atMs)
}

function answeredGreeting(state: SenderState, atMs: number): SenderState {
  if (state.phase.kind === 'booting') return { ...state, phase: freshGreeting }
  if (state.phase.kind !== 'greeting' || state.phase.written === 0) return state
  return state.phase.owedOk ? { ...state, phase: { ...state.phase, owedOk: false } } : greeted(state, atMs)
}

function windowAfter(state: SenderState, queueFree: number | undefined): number {
  return queueFree === undefined ? state.windowLines : Math.max(1, Math.min(queueFree, WINDOW_LINES))
}

function greeted(state: SenderState, atMs: number): SenderState {
  return {
    ...state,
    phase: { kind: 'running' },
    next: 1,
    replay: 1,
    taken: 0,
    flights: [],
    owedOks: 0,
    resend: undefined,
    lastOkMs: atMs,
    timeouts: 0,
    nudge: false,
  }
}

/** One line leaves the flight; an `ok` more than lines are in flight means nothing. */
function release(state: SenderState, atMs: number): SenderState {
  const after = copyOf(state)
  after.lastOkMs = atMs
  after.timeouts = 0
  const [done] = state.flights
  if (!done) return after
  after.flights = state.flights.length === 1 ? noFlights : state.flights.slice(1)
  after.taken = Math.max(state.taken, done.number)
  if (after.taken >= state.next - 1) after.resend = undefined
  return after
}

const noFlights: readonly Flight[] = []

/** Field by field, for what happens with every line of a print: spreading so many costs more than all the rest of it. */
function copyOf(state: SenderState): { -readonly [Key in keyof SenderState]: SenderState[Key] } {
  return {
    phase: state.phase,
    next: state.next,
    replay: state.replay,
    taken: state.taken,
    flights: state.flights,
    windowLines: state.windowLines,
    owedOks: state.owedOks,
    resend: state.resend,
    busySeen: state.busySeen,
    lastOkMs: state.lastOkMs,
    timeouts: state.timeouts,
    nudge: state.nudge,
    resends: state.resends,
    swallowedOks: state.swallowedOks,
  }
}

function heardWait(state: SenderState, atMs: number): SenderState {
  if (state.phase.kind !== 'running') return answeredGreeting(state, atMs)
  return state.flights.length > 0 ? release(state, atMs) : { ...state, lastOkMs: atMs }
}

function heardStart(state: SenderState): SenderState {
  if (state.phase.kind === 'running') return fail(state, { code: 'reset' })
  // A greeting written before the firmware woke up is lost.
  return { ...state, phase: freshGreeting }
}

function heardResend(state: SenderState, line: number, atMs: number): SenderState {
  if (state.phase.kind === 'greeting') return { ...state, phase: { ...state.phase, due: true, owedOk: true } }
  if (state.phase.kind !== 'running') return state
  const { resend } = state
  if (line > state.next || line < Math.max(1, state.next - HISTORY_LINES)) {
    return fail(state, { code: 'resend-out-of-range', line, next: state.next })
  }
  // Already acknowledged, asked for by a doubled line: nothing to repeat.
  if (line === state.next && !resend) return state
  if (resend && resend.line === line && resend.echoes > 0) {
    return { ...state, resend: { ...resend, echoes: resend.echoes - 1 }, owedOks: state.owedOks + 1 }
  }
  const times = resend?.line === line ? resend.times + 1 : 1
  if (times >= SAME_RESEND_LIMIT) return fail(state, { code: 'resend-loop', line })
  const echoes = state.flights.filter(flight => flight.number > line).length
  return {
    ...state,
    replay: line,
    taken: line - 1,
    flights: [],
    owedOks: 0,
    resend: { line, times, echoes, okSinceMs: atMs },
    resends: state.resends + 1,
    nudge: false,
  }
}

function timePassed(state: SenderState, { atMs, atWork }: { atMs: number; atWork: boolean }): SenderState {
  const { phase } = state
  if (phase.kind === 'booting') {
    return atMs < phase.untilMs ? state : { ...state, phase: freshGreeting }
  }
  if (phase.kind === 'greeting') {
    if (phase.due || atMs < phase.againMs) return state
    return phase.written >= GREETINGS ? fail(state, { code: 'no-answer' }) : greetAgain(state)
  }
  if (state.resend?.okSinceMs !== undefined && atMs - state.resend.okSinceMs >= RESEND_OK_WAIT_MS) {
    return {
      ...state,
      resend: { ...state.resend, okSinceMs: undefined },
      swallowedOks: state.swallowedOks + 1,
      lastOkMs: atMs,
    }
  }
  const [head] = state.flights
  if (!head || atMs - state.lastOkMs < patienceMs(state, head)) return state
  return timedOut(state, head, atMs, atWork)
}

function patienceMs(state: SenderState, head: Flight): number {
  // Writing a line again is always safe: the firmware knows its numbers.
  if (state.resend && !head.long) return TIMEOUT_WITH_BUSY_MS
  if (head.long) return state.busySeen ? LONG_COMMAND_WITH_BUSY_MS : LONG_COMMAND_LIMIT_MS
  return state.busySeen ? TIMEOUT_WITH_BUSY_MS : TIMEOUT_MS
}

function timedOut(state: SenderState, head: Flight, atMs: number, atWork: boolean): SenderState {
  const timeouts = state.timeouts + 1
  if (timeouts >= (atWork || head.long ? TIMEOUTS_AT_WORK : TIMEOUTS_IDLE))
    return fail(state, { code: 'silent' })
  const waited = { ...state, timeouts, lastOkMs: atMs }
  if (state.resend) return { ...waited, replay: head.number, flights: [], owedOks: 0 }
  if (head.long) return waited
  // A second silence with the nudge already under way: its `ok` came, the one before it never will.
  return { ...waited, flights: head.nudge ? state.flights : withoutLost(state), nudge: true }
}

function withoutLost(state: SenderState): readonly Flight[] {
  return state.flights.some(flight => flight.nudge) ? state.flights.slice(1) : state.flights
}
