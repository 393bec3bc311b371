/**
 * A part of the engine with a life. The engine starts rooms in order and stops them in reverse,
 * each within a limit and by name, so that the log can say who was slow.
 */
export interface Room {
  readonly name: string
  start(): Promise<void>
  stop(): Promise<void>
  /** A reason, in words for a person, why Gantry should not quit now; undefined when it may. */
  quitVeto?(): QuitVeto | undefined
}

export interface QuitVeto {
  readonly room: string
  readonly reason: string
  /** Whose print would be lost, where that is the reason. */
  readonly printers?: readonly string[]
}
