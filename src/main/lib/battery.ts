/** What the machine says of the power it runs on. */
export interface Battery {
  /** It lives on its battery now. */
  readonly draining: boolean
  readonly percent?: number
  readonly minutesLeft?: number
}
