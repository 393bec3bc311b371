import type { CliClient } from './client.ts'
import type { Terminal } from './terminal.ts'

export interface Flags {
  readonly json: boolean
  readonly wait: boolean
  readonly allow: string | undefined
  readonly once: string | undefined
  readonly deny: string | undefined
  readonly never: string | undefined
}

export interface CommandContext {
  readonly client: CliClient
  readonly terminal: Terminal
  /** What follows the command's name. */
  readonly words: readonly string[]
  readonly flags: Flags
  /** Lets a moment pass. */
  readonly pause: (delayMs: number) => Promise<void>
}

export interface Command {
  /** `revoke APP` */
  readonly usage: string
  readonly about: string
  /** How many words may follow its name. */
  readonly mostWords: number
  run(context: CommandContext): Promise<void>
}
