/** By which way a call came in. `inside` is the shell's bridge: same checks, no socket. */
export type Via = 'inside' | 'loopback' | 'lan'

/** The application that calls. */
export interface Caller {
  /**
   * Who it is to whoever answers: inside the server what grants and registrations hang on, to a plug-in the token that
   * this plug-in gave it. Neither is told to the other.
   */
  readonly id: string
  readonly origin: string
  /** The name the application gave itself, or its origin. */
  readonly name: string
  /** One of the owner's own programs: Gantry's window, a signed-in browser, the command line. */
  readonly isOwner: boolean
}

/** Of two versions of an event, which one: the owner's own programs may be told more than applications. */
export type Audience = 'owner' | 'applications'

export const audienceOf = (isOwner: boolean): Audience => (isOwner ? 'owner' : 'applications')
