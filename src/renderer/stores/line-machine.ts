/**
 * Whether what the page shows is of now. Pure: `nowMs` is a clock that never runs backwards and goes on while the
 * computer sleeps; instants that are shown are the engine's.
 */
export type LineState =
  /** Not heard yet, or nothing that says how it is. */
  | { readonly kind: 'unknown' }
  | { readonly kind: 'up' }
  | {
      readonly kind: 'down'
      /** When it was heard last, by the engine's clock. */
      readonly since: number
      readonly why: 'silent' | 'gone'
    }

export interface Line {
  readonly state: LineState
  /** When it was heard last; until then, when the page began to listen. */
  readonly heardMs: number
  /** The engine's time at `heardMs`, as far as it is known. */
  readonly heardAt: number
  /** A beat that was sent long before it came, and when it came. */
  readonly doubtedMs: number | undefined
  /** There is no heartbeat for this viewer: the line is as unknown as ever. */
  readonly isRefused: boolean
  /** There were values, and they may be old. */
  readonly wasUp: boolean
  /** How often it came back: whatever is shown is asked for anew each time. */
  readonly returns: number
}

export type LineInput =
  | { readonly kind: 'beat'; readonly at: number; readonly everyMs: number }
  /** Anything else the engine told. */
  | { readonly kind: 'frame' }
  /** Time went by. */
  | { readonly kind: 'tick' }
  /** Nobody is there to have a line with. */
  | { readonly kind: 'gone' }
  /** It broke and stands again. */
  | { readonly kind: 'renewed' }
  | { readonly kind: 'refused' }

/** Two beats and a half. */
const silentMs = 5_000

export const newLine = (nowMs: number, wallAt: number): Line => ({
  state: { kind: 'unknown' },
  heardMs: nowMs,
  heardAt: wallAt,
  doubtedMs: undefined,
  isRefused: false,
  wasUp: false,
  returns: 0,
})

export function nextLine(before: Line, input: LineInput, nowMs: number): Line {
  const line = afterSilence(before, nowMs)
  const { state } = line
  switch (input.kind) {
    case 'beat':
      return onBeat(line, input, nowMs)
    case 'frame':
      return state.kind === 'up' ? heard(line, nowMs, line.heardAt + (nowMs - line.heardMs)) : line
    case 'tick':
      return line
    case 'gone':
      return state.kind === 'down' ? line : lost(line, 'gone')
    case 'renewed':
      return state.kind === 'up' ? { ...line, returns: line.returns + 1 } : line
    case 'refused':
      return { ...line, state: { kind: 'unknown' }, isRefused: true }
  }
}

function afterSilence(line: Line, nowMs: number): Line {
  const isSilent = line.state.kind !== 'down' && !line.isRefused && nowMs - line.heardMs > silentMs
  return isSilent ? lost(line, 'silent') : line
}

const lost = (line: Line, why: 'silent' | 'gone'): Line => ({
  ...line,
  state: { kind: 'down', since: line.heardAt, why },
})

const heard = (line: Line, nowMs: number, at: number): Line => ({ ...line, heardMs: nowMs, heardAt: at })

function onBeat(line: Line, { at, everyMs }: { at: number; everyMs: number }, nowMs: number): Line {
  const { state, doubtedMs, returns } = line
  // A computer that woke finds beats that were sent before it slept. Where the next one says the same, the engine's
  // clock was set back; those of one heap come together and do not count for that.
  const isOld = at < line.heardAt + (nowMs - line.heardMs) - silentMs
  const isConfirmed = doubtedMs !== undefined && nowMs - doubtedMs > everyMs / 2
  if (state.kind === 'down' && isOld && !isConfirmed) return { ...line, doubtedMs: nowMs }
  return {
    ...heard(line, nowMs, at),
    state: state.kind === 'up' ? state : { kind: 'up' },
    doubtedMs: undefined,
    isRefused: false,
    wasUp: true,
    returns: state.kind === 'down' ? returns + 1 : returns,
  }
}
