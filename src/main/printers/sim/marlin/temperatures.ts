import type { SimHeater, SimState } from '../model.ts'
import type { MarlinTraits } from './traits.ts'

/** What M105 and the waits for heat print. `active` is the tool that prints. */
export function temperatureLine(state: SimState, traits: MarlinTraits, active: number): string {
  if (traits.temperatures) return traits.temperatures
  const { nozzle, nozzle1, bed } = state
  const tools = [nozzle, nozzle1].slice(0, traits.tools)
  const bare = `T:${show(tools[active] ?? nozzle)} B:${show(bed)}`
  const power = `@:${drive(tools[active] ?? nozzle, 64)} B@:${drive(bed, 32)}`
  if (traits.tools === 1) return `${bare} ${power}`
  const each = tools.map((tool, at) => `T${at}:${show(tool)}`).join(' ')
  const drives = tools.map((tool, at) => `@${at}:${drive(tool, 64)}`).join(' ')
  return `${bare} ${each} ${power} ${drives}`
}

function show({ actualC, targetC }: SimHeater): string {
  return `${actualC.toFixed(2)} /${targetC.toFixed(2)}`
}

function drive({ targetC }: SimHeater, full: number): number {
  return targetC > 0 ? full : 0
}
