/** A host-streamed print as a pure machine. What each state writes to the printer is the owner's business. */
export type StreamState =
  | { readonly kind: 'none' }
  /** Lines flow, nothing has been extruded yet. */
  | { readonly kind: 'preparing' }
  | { readonly kind: 'printing' }
  | { readonly kind: 'pausing'; readonly from: 'preparing' | 'printing' }
  | { readonly kind: 'paused'; readonly from: 'preparing' | 'printing' }
  | { readonly kind: 'resuming'; readonly from: 'preparing' | 'printing' }
  | { readonly kind: 'cancelling' }
  | { readonly kind: 'finishing' }
  | { readonly kind: 'finished' }
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'failed'; readonly reason: string }

export type StreamInput =
  | { readonly kind: 'start' }
  | { readonly kind: 'extruded' }
  | { readonly kind: 'pause' }
  | { readonly kind: 'parked' }
  | { readonly kind: 'resume' }
  | { readonly kind: 'restored' }
  /** It cannot go on yet: it stays as it was parked. */
  | { readonly kind: 'stay' }
  | { readonly kind: 'cancel' }
  | { readonly kind: 'cooled' }
  /** The file is read to its end and every line of it is acknowledged. */
  | { readonly kind: 'all-acknowledged' }
  /** The moves of the last lines are done. */
  | { readonly kind: 'drained' }
  | { readonly kind: 'fail'; readonly reason: string }

/** The state after an input, or undefined where the input makes no sense in that state. */
export function nextStream(state: StreamState, input: StreamInput): StreamState | undefined {
  if (input.kind === 'fail') return isLive(state) ? { kind: 'failed', reason: input.reason } : undefined
  if (input.kind === 'cancel') {
    return isLive(state) && state.kind !== 'cancelling' ? { kind: 'cancelling' } : undefined
  }
  switch (state.kind) {
    case 'none':
    case 'finished':
    case 'cancelled':
    case 'failed':
      return input.kind === 'start' ? { kind: 'preparing' } : undefined
    case 'preparing':
    case 'printing':
      return whileFlowing(state, input)
    case 'pausing':
      return input.kind === 'parked' ? { kind: 'paused', from: state.from } : undefined
    case 'paused':
      return input.kind === 'resume' ? { kind: 'resuming', from: state.from } : undefined
    case 'resuming':
      return whileResuming(state, input)
    case 'cancelling':
      return input.kind === 'cooled' ? { kind: 'cancelled' } : undefined
    case 'finishing':
      return input.kind === 'drained' ? { kind: 'finished' } : undefined
  }
}

function whileFlowing(
  state: { kind: 'preparing' | 'printing' },
  input: StreamInput,
): StreamState | undefined {
  switch (input.kind) {
    case 'extruded':
      return { kind: 'printing' }
    case 'pause':
      return { kind: 'pausing', from: state.kind }
    case 'all-acknowledged':
      return { kind: 'finishing' }
    default:
      return undefined
  }
}

function whileResuming(
  { from }: Extract<StreamState, { kind: 'resuming' }>,
  input: StreamInput,
): StreamState | undefined {
  if (input.kind === 'restored') return { kind: from }
  return input.kind === 'stay' ? { kind: 'paused', from } : undefined
}

/** True while the print still owns the printer. */
export function isLive(state: StreamState): boolean {
  return !['none', 'finished', 'cancelled', 'failed'].includes(state.kind)
}

/** True while lines of the file may be written. */
export function isFlowing(state: StreamState): boolean {
  return state.kind === 'preparing' || state.kind === 'printing'
}
