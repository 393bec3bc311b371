import type { PluginLimits } from './limits.ts'

/** Where a plug-in stands. Crashes are remembered as instants, oldest first, to know when patience ends. */
export type Supervision =
  | { readonly kind: 'off' }
  | { readonly kind: 'running'; readonly crashes: readonly number[] }
  | {
      readonly kind: 'waiting'
      readonly crashes: readonly number[]
      readonly delayMs: number
      readonly reason: string
    }
  | { readonly kind: 'given-up'; readonly crashes: readonly number[]; readonly reason: string }

export type SupervisionInput =
  | { readonly kind: 'switch-on' }
  | { readonly kind: 'switch-off' }
  | { readonly kind: 'wait-over' }
  /** `chance` from 0 to 1 spreads restarts out. */
  | { readonly kind: 'crashed'; readonly atMs: number; readonly reason: string; readonly chance: number }

/** Pure: what becomes of a plug-in. An input that does not fit the state changes nothing. */
export function supervise(state: Supervision, input: SupervisionInput, limits: PluginLimits): Supervision {
  switch (input.kind) {
    case 'switch-on':
      return state.kind === 'off' ? { kind: 'running', crashes: [] } : state
    case 'switch-off':
      return { kind: 'off' }
    case 'wait-over':
      return state.kind === 'waiting' ? { kind: 'running', crashes: state.crashes } : state
    case 'crashed': {
      if (state.kind !== 'running') return state
      const recent = state.crashes.filter(atMs => input.atMs - atMs < limits.crashWindowMs)
      const crashes = [...recent, input.atMs]
      if (crashes.length >= limits.crashes) return { kind: 'given-up', crashes, reason: input.reason }
      const delayMs = restartDelay(crashes.length, input.chance, limits)
      return { kind: 'waiting', crashes, delayMs, reason: input.reason }
    }
    default:
      return input satisfies never
  }
}

/** Doubles with every crash, ± a fifth so that several plug-ins do not come back in step. */
function restartDelay(crashes: number, chance: number, limits: PluginLimits): number {
  const full = Math.min(limits.firstRestartMs * 2 ** (crashes - 1), limits.longestRestartMs)
  return Math.round(full * (0.8 + 0.4 * chance))
}
