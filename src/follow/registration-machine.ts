/**
 * One registration as its client sees it. Pure: what comes in are wishes, answers and the fate of the line; `dueCall`
 * says what has to be asked of the server next. One call at a time, so that a PUT and a DELETE never overtake each
 * other.
 */
export interface RegistrationState {
  readonly isWanted: boolean
  /**
   * `none`: never asked for, or ended. `started`: it stands, on the line that is up. `doubtful`: it was asked for, and
   * the line broke or no answer came; it may stand.
   */
  readonly standing: 'none' | 'started' | 'doubtful'
  readonly asking: Method | undefined
  /** Somebody joined after the last PUT had left, and has not had the latest value that follows a PUT (gotapi 8.2). */
  readonly isJoined: boolean
  /** It stood at some time: what is missing now may come back. */
  readonly hasStood: boolean
  /** Calls in a row that led nowhere. */
  readonly failures: number
  /** Until the pause after a failure is over. */
  readonly isResting: boolean
  readonly isLineUp: boolean
}

type Method = 'PUT' | 'DELETE'

/** `no-line`: the server did it and has no line to send events on. `later`: asked again, it may be answered. */
export type Verdict = 'done' | 'no-line' | 'later' | 'refused'

export type RegistrationInput =
  | { readonly kind: 'followed' }
  | { readonly kind: 'left' }
  | { readonly kind: 'line'; readonly isUp: boolean }
  | { readonly kind: 'asked' }
  | { readonly kind: 'answered'; readonly verdict: Verdict }
  | { readonly kind: 'rested' }

export const newRegistration = (isLineUp: boolean): RegistrationState => ({
  isWanted: false,
  standing: 'none',
  asking: undefined,
  isJoined: false,
  hasStood: false,
  failures: 0,
  isResting: false,
  isLineUp,
})

/** What to ask the server now. */
export function dueCall(state: RegistrationState): Method | undefined {
  const { isWanted, standing, isJoined, asking, isResting, isLineUp } = state
  if (!isLineUp || asking !== undefined || isResting) return undefined
  if (isWanted) return standing !== 'started' || isJoined ? 'PUT' : undefined
  return standing === 'none' ? undefined : 'DELETE'
}

/** Nobody wants it, and nothing of it is left at the server. */
export const isOver = ({ isWanted, standing, asking }: RegistrationState): boolean =>
  !isWanted && standing === 'none' && asking === undefined

export function next(state: RegistrationState, input: RegistrationInput): RegistrationState {
  switch (input.kind) {
    case 'followed':
      return { ...state, isWanted: true, isJoined: true }
    case 'left':
      return { ...state, isWanted: false }
    case 'line':
      return onLine(state, input.isUp)
    case 'asked': {
      const asking = dueCall(state)
      return { ...state, asking, isJoined: asking === 'PUT' ? false : state.isJoined }
    }
    case 'answered':
      return onAnswer({ ...state, asking: undefined }, state.asking, input.verdict)
    case 'rested':
      return { ...state, isResting: false }
  }
}

function onLine(state: RegistrationState, isLineUp: boolean): RegistrationState {
  const isUntouched = state.standing === 'none' && state.asking === undefined
  return {
    ...state,
    isLineUp,
    // An answer that is still on its way belongs to the old line: nobody waits for it any more.
    asking: undefined,
    isResting: false,
    standing: isUntouched ? 'none' : 'doubtful',
  }
}

function onAnswer(state: RegistrationState, asked: Method | undefined, verdict: Verdict): RegistrationState {
  if (verdict === 'later') {
    const standing = state.standing === 'started' ? 'started' : 'doubtful'
    const isJoined = state.isJoined || asked === 'PUT'
    return { ...state, standing, isJoined, failures: state.failures + 1, isResting: true }
  }
  if (asked === 'DELETE') return { ...state, standing: 'none', failures: 0 }
  // A repeated PUT that was refused leaves what stood.
  if (verdict === 'refused') return state.standing === 'started' ? state : { ...state, standing: 'none' }
  if (verdict === 'no-line') return { ...state, standing: 'doubtful', isLineUp: false }
  return { ...state, standing: 'started', hasStood: true, failures: 0 }
}
