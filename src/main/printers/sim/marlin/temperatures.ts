import type { SimHeater, SimState } from '../model.ts'
import type { MarlinTraits } from './traits.ts'

/** What M105 and the waits for heat print. `active` is the tool that prints. */
export function temperatureLine(state: SimState, traits: MarlinTraits, active: number): string {
  if (traits.temperatures) return traits.temperatures
  const { nozzle, nozzle1, bed } = state
  const tools = [nozzle, nozzle1].slice(0, traits.tools)
  // A Smoothieware leaves its first tool without a number, and the colon out of its power.
  if (traits.heatWords === 'smoothie')
    return [
      ...tools.map((tool, at) => `T${at || ''}:${show(tool)} @${drive(tool, 64)}`),
      `B:${show(bed)} @0`,
    ].join(' ')
  if (traits.heatWords === 'reprapfirmware')
    return [
      `T:${show(tools[active] ?? nozzle)}`,
      ...tools.map((tool, at) => `T${at}:${show(tool)}`),
      `B:${show(bed)}`,
    ].join(' ')
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
