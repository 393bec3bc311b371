/**
 * The exchange with a firmware as a pure machine: line numbers, acknowledgements, resends, the window and time-outs.
 * It holds numbers only. The owner keeps the text of sent lines, asks `nextWrite` what may go out, and reports
 * what it wrote, what it heard and that time passed.
 */

/** Sent lines the owner must keep for a resend. */
export const HISTORY_LINES = 256

/** How long a board that starts anew when its port is opened may take to say so. */
export const START_WAIT_MS = 10_000

export interface Flight {
  readonly number: number
  readonly bytes: number
  /** May take minutes before its `ok`: homing, heating, waiting. */
  readonly long: boolean
  /** An `M105`: the only line whose `ok` carries temperatures, so that it is known by it. */
  readonly asksHeat: boolean
  readonly nudge: boolean
}

export type SenderFault =
  | { readonly code: 'no-answer' }
  | { readonly code: 'silent' }
  | { readonly code: 'reset' }
  | { readonly code: 'resend-loop'; readonly line: number }
  | { readonly code: 'resend-out-of-range'; readonly line: number; readonly next: number }

export type SenderPhase =
  | { readonly kind: 'booting'; readonly untilMs: number }
  /** The numbers are being set back by `N0 M110 N0`. */
  | {
      readonly kind: 'greeting'
      readonly written: number
      readonly againMs: number
      readonly due: boolean
      /** A damaged greeting brings a resend with an `ok` of its own, which answers nothing. */
      readonly owedOk: boolean
    }
  | { readonly kind: 'running' }
  | { readonly kind: 'failed'; readonly fault: SenderFault }

interface Resend {
  readonly line: number
  /** The same line asked for in a row. */
  readonly times: number
  /** Requests for the same line still to come, from lines already in flight. */
  readonly echoes: number
  /** Since when the `ok` that follows a resend is awaited. */
  readonly okSinceMs: number | undefined
}

export interface SenderState {
  readonly phase: SenderPhase
  /** The number the next new line gets. */
  readonly next: number
  /** The next line to write again; equal to `next` when there is none. */
  readonly replay: number
  /** The last line the firmware is known to have taken. */
  readonly taken: number
  readonly flights: readonly Flight[]
  readonly windowLines: number
  /** Acknowledgements that belong to echoes of a resend. */
  readonly owedOks: number
  readonly resend: Resend | undefined
  readonly busySeen: boolean
  /** The command at the head of the flight has said that it is busy: it would say so again. */
  readonly headBusy: boolean
  /** Since when an `ok` or a busy is awaited. */
  readonly lastOkMs: number
  /** When the firmware said anything at all: whoever talks is alive, whatever its `ok` does. */
  readonly heardMs: number
  readonly nudge: boolean
  /** Nudges that were written since anything was acknowledged. */
  readonly nudges: number
  readonly resends: number
  readonly swallowedOks: number
}

interface Written {
  readonly bytes: number
  readonly long: boolean
  readonly asksHeat: boolean
  readonly atMs: number
}

export type SenderInput =
  | { readonly kind: 'wrote-greeting'; readonly atMs: number }
  | ({ readonly kind: 'wrote-new' } & Written)
  | ({ readonly kind: 'wrote-again' } & Written)
  | {
      readonly kind: 'heard-ok'
      readonly queueFree?: number
      readonly temperatures?: boolean
      readonly atMs: number
    }
  /** Sets the numbers back: asked for only while nothing is in flight. */
  | { readonly kind: 'renumber' }
  | { readonly kind: 'heard-wait'; readonly atMs: number }
  | { readonly kind: 'heard-busy'; readonly atMs: number }
  /** Temperatures of themselves: a firmware that heats, or reports while it does something else. */
  | { readonly kind: 'heard-heat'; readonly atMs: number }
  /** Any other line. */
  | { readonly kind: 'heard-line'; readonly atMs: number }
  | { readonly kind: 'heard-start'; readonly atMs: number }
  | { readonly kind: 'heard-resend'; readonly line: number; readonly atMs: number }
  | { readonly kind: 'heard-number-lost'; readonly atMs: number }
  /** `feeding`: a print of ours waits behind the line. */
  | { readonly kind: 'time'; readonly feeding: boolean; readonly atMs: number }

/** What may be written now. A nudge is an `M105` out of turn, to bring back an `ok` that got lost. */
export type Write =
  | { readonly kind: 'greeting' }
  | { readonly kind: 'new' }
  | { readonly kind: 'again'; readonly number: number }
  | { readonly kind: 'nudge' }

export const freshGreeting: SenderPhase = {
  kind: 'greeting',
  written: 0,
  againMs: 0,
  due: true,
  owedOk: false,
}

export function startSender(atMs: number, options: { readonly startWaitMs: number }): SenderState {
  return {
    phase: options.startWaitMs > 0 ? { kind: 'booting', untilMs: atMs + options.startWaitMs } : freshGreeting,
    next: 1,
    replay: 1,
    taken: 0,
    flights: [],
    windowLines: 1,
    owedOks: 0,
    resend: undefined,
    busySeen: false,
    headBusy: false,
    lastOkMs: atMs,
    heardMs: atMs,
    nudge: false,
    nudges: 0,
    resends: 0,
    swallowedOks: 0,
  }
}
