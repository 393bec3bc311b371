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
/** Its `ok` is late and the nudge's, too, but it talks: it may be blocked by its card, and its buffer is small. */
const NUDGE_AGAIN_MS = 60_000
const NUDGES = 3
const RESEND_OK_WAIT_MS = 500
const SAME_RESEND_LIMIT = 10
/** Without a single line; see `silenceLimitMs`. */
const SILENT_FED_MS = 150_000
const SILENT_FED_WITH_BUSY_MS = 60_000
const SILENT_UNFED_MS = 600_000
const SILENT_LONG_MS = 3_600_000
const SILENT_LONG_AFTER_BUSY_MS = 150_000

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
      return greetingBorne({
        ...state,
        busySeen: true,
        headBusy: state.flights.length > 0,
        lastOkMs: input.atMs,
        heardMs: input.atMs,
      })
    case 'heard-heat':
      return greetingBorne({ ...state, heardMs: input.atMs })
    case 'heard-line':
      return { ...state, heardMs: input.atMs }
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

/** A firmware that heats or homes reads the greeting when it is done: it is asked no more, and not given up. */
function greetingBorne(state: SenderState): SenderState {
  const { phase, heardMs } = state
  if (phase.kind !== 'greeting' || phase.due) return state
  return { ...state, phase: { ...phase, againMs: heardMs + GREETING_PATIENCE_MS } }
}

function wroteNew(state: SenderState, input: Extract<SenderInput, { kind: 'wrote-new' }>): SenderState {
  const after = copyOf(state)
  after.next = state.next + 1
  // A nudge goes out of turn and may overtake lines that still wait to be repeated.
  if (state.replay === state.next) after.replay = after.next
  if (state.flights.length === 0) {
    after.lastOkMs = input.atMs
    after.heardMs = input.atMs
    after.headBusy = false
  }
  const { bytes, long, asksHeat } = input
  after.flights = [...state.flights, { number: state.next, bytes, long, asksHeat, nudge: state.nudge }]
  if (state.nudge) after.nudges = state.nudges + 1
  after.nudge = false
  return after
}

function wroteAgain(state: SenderState, input: Extract<SenderInput, { kind: 'wrote-again' }>): SenderState {
  const { bytes, long, asksHeat } = input
  const flight: Flight = { number: state.replay, bytes, long, asksHeat, nudge: false }
  return { ...state, replay: state.replay + 1, flights: [...state.flights, flight], lastOkMs: input.atMs }
}

function heardOk(
  state: SenderState,
  input: { queueFree?: number; temperatures?: boolean; atMs: number },
): SenderState {
  if (state.phase.kind !== 'running') return answeredGreeting(state, input.atMs)
  if (state.resend?.okSinceMs !== undefined) {
    // The `ok` that belongs to the resend itself: it takes no line, it lets the repeat go.
    return heardNow({ ...state, resend: { ...state.resend, okSinceMs: undefined } }, input.atMs)
  }
  if (state.owedOks > 0) return heardNow({ ...state, owedOks: state.owedOks - 1 }, input.atMs)
  const windowLines = windowAfter(state, input.queueFree)
  const widened = windowLines === state.windowLines ? state : { ...state, windowLines }
  return input.temperatures ? releaseAsked(widened, input.atMs) : release(widened, input.atMs)
}

/**
 * Only an M105 gets an `ok` with temperatures: whatever flew before it will get none any more, and where none flies the
 * `ok` belongs to one that was given up.
 */
function releaseAsked(state: SenderState, atMs: number): SenderState {
  const asked = state.flights.findIndex(flight => flight.asksHeat)
  if (asked < 0) return heardNow(state, atMs)
  return release(asked > 0 ? { ...state, flights: state.flights.slice(asked) } : state, atMs)
}

function heardNow(state: SenderState, atMs: number): SenderState {
  return { ...state, lastOkMs: atMs, heardMs: atMs }
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
    headBusy: false,
    lastOkMs: atMs,
    heardMs: atMs,
    nudge: false,
    nudges: 0,
  }
}

/** One line leaves the flight; an `ok` more than lines are in flight means nothing. */
function release(state: SenderState, atMs: number): SenderState {
  const after = copyOf(state)
  after.lastOkMs = atMs
  after.heardMs = atMs
  after.headBusy = false
  after.nudges = 0
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
    heardMs: state.heardMs,
    headBusy: state.headBusy,
    nudge: state.nudge,
    nudges: state.nudges,
    resends: state.resends,
    swallowedOks: state.swallowedOks,
  }
}

function heardWait(state: SenderState, atMs: number): SenderState {
  if (state.phase.kind !== 'running') return answeredGreeting(state, atMs)
  return state.flights.length > 0 ? release(state, atMs) : heardNow(state, atMs)
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

function timePassed(state: SenderState, { atMs, feeding }: { atMs: number; feeding: boolean }): SenderState {
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
  if (!head) return state
  if (atMs - state.heardMs >= silenceLimitMs(state, head, feeding)) return fail(state, { code: 'silent' })
  return atMs - state.lastOkMs < patienceMs(state, head) ? state : timedOut(state, head, atMs)
}

/**
 * How long a firmware that says nothing at all is believed to live. One that homes, levels or heats may have no word
 * for it; one that has just said that it is busy would say so again. Where no print of ours waits, nothing is urgent:
 * it may be printing from its card, and whoever gives it up and opens the port anew may end that print.
 */
function silenceLimitMs({ headBusy, busySeen }: SenderState, head: Flight, feeding: boolean): number {
  if (head.long) return headBusy ? SILENT_LONG_AFTER_BUSY_MS : SILENT_LONG_MS
  if (!feeding) return SILENT_UNFED_MS
  return busySeen ? SILENT_FED_WITH_BUSY_MS : SILENT_FED_MS
}

/** How long an `ok` is awaited before something is done about it. */
function patienceMs(state: SenderState, head: Flight): number {
  // Writing a line again is always safe: the firmware knows its numbers.
  if (state.resend && !head.long) return TIMEOUT_WITH_BUSY_MS
  if (state.nudges > 0 && state.heardMs > state.lastOkMs) return NUDGE_AGAIN_MS
  return state.busySeen ? TIMEOUT_WITH_BUSY_MS : TIMEOUT_MS
}

function timedOut(state: SenderState, head: Flight, atMs: number): SenderState {
  const waited = { ...state, lastOkMs: atMs }
  if (state.resend) return { ...waited, replay: head.number, flights: [], owedOks: 0 }
  if (head.long || state.nudges >= NUDGES) return waited
  // A second silence with the nudge already under way: its `ok` came, the one before it never will.
  return { ...waited, flights: state.nudges > 0 ? state.flights.slice(1) : state.flights, nudge: true }
}
