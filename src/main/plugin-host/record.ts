import type { Supervision } from './supervision.ts'

/** A plug-in as its owner sees it. */
export interface PluginRecord {
  readonly id: string
  readonly name: string
  readonly version: string
  readonly about: string
  readonly builtIn: boolean
  readonly enabled: boolean
  /** `invalid`: its manifest keeps it out; `waiting`: it crashed and is started again soon. */
  readonly state: Supervision['kind'] | 'invalid'
  /** In words for a person; empty when there is nothing to say. */
  readonly reason: string
  /** How often it was started again since Gantry runs. */
  readonly restarts: number
  /** While it waits to be started again. */
  readonly startsAgainAt?: number
  readonly profiles: readonly string[]
  readonly services: readonly { readonly id: string; readonly name: string; readonly online: boolean }[]
}
