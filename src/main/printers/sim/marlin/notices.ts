import { ownOf } from '../../../lib/own.ts'
import { isJobOn, type SimState } from '../model.ts'
import type { SimPrinter } from '../sim-printer.ts'
import type { MarlinTraits } from './traits.ts'

/** What is done at the panel, or by a command, as the host is told. */
const panelActions: Partial<Record<SimState['machine'], string>> = {
  pausing: 'paused',
  resuming: 'resumed',
  cancelling: 'cancel',
}

/** What a firmware notices of itself, told in its own words. */
export function simNotices(deps: {
  readonly sim: SimPrinter
  readonly traits: MarlinTraits
  readonly say: (...lines: readonly string[]) => void
  readonly kill: (...why: readonly string[]) => void
  readonly isDead: () => boolean
}): { look(): void; forget(): void } {
  const { sim, traits, say } = deps
  let seen = sim.state()

  const runOut = () => {
    say('//action:paused filament_runout 0')
    if (!traits.prompts) return
    say('//action:prompt_begin Filament runout', '//action:prompt_button PurgeMore')
    say('//action:prompt_button Continue', '//action:prompt_show')
  }
  return {
    look() {
      const before = seen
      seen = sim.state()
      if (deps.isDead()) return
      if (seen.fault === 'thermal-runaway' && before.fault !== 'thermal-runaway')
        deps.kill('Error:Thermal Runaway, system stopped! Heater_ID: E0')
      if (seen.fault === 'filament-runout' && before.fault !== 'filament-runout') runOut()
      if (before.job && isJobOn(before) && seen.machine === 'finished')
        say('Done printing file', 'echo:Print time: 10m')
      const action = before.machine === seen.machine ? undefined : ownOf(panelActions, seen.machine)
      if (action && traits.hostActions) say(`//action:${action}`)
    },
    forget() {
      seen = sim.state()
    },
  }
}
