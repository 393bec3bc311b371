/** By which way a call came in. `inside` is the shell's bridge: same checks, no socket. */
export type Via = 'inside' | 'loopback' | 'lan'

/** The application that calls. */
export interface Caller {
  /** Identity inside the server: what grants and registrations hang on. Never told to a plug-in. */
  readonly id: string
  readonly origin: string
  /** The name the application gave itself, or its origin. */
  readonly name: string
}
