import type { Handler } from '../handlers/handler.ts'
import type { BuiltInPlugin } from '../plugin-host/index.ts'

/**
 * A room as the engine sees it: its name and the parts it brings. Each room's factory returns them, the engine
 * collects them in one list and wires them by kind; a room is set up in no other place.
 */
export interface Room {
  readonly name: string
  /** Calls, topics and bytes it answers for at the front door. */
  readonly endpoints?: readonly Handler[]
  /** Plug-ins that come with it. */
  readonly services?: readonly BuiltInPlugin[]
  /** In the order of the list, each within a limit. */
  start?(): Promise<void>
  /**
   * Takes nothing new from now on, and brings what is under way to an end. The way back, while every room still
   * stands: http closes its ports before those who feed prints end theirs.
   */
  drain?(): Promise<void>
  /** Lets go of everything, drained or not. The way back, when all are drained. */
  stop?(): Promise<void>
  /** How long its drain and then its stop may take, where that is more than usual. */
  readonly stopLimitMs?: number
  /** A reason, in words for a person, why Gantry should not quit now; undefined when it may. */
  quitVeto?(): QuitVeto | undefined
}

export interface QuitVeto {
  readonly room: string
  readonly reason: string
  /** Whose print would be lost, where that is the reason. */
  readonly printers?: readonly string[]
}
