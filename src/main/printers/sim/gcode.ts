import type { SimPrinter } from './sim-printer.ts'

/** The few lines of G-code a person types; anything else is taken and does nothing, as firmware does. */
export function obey(sim: SimPrinter, line: string): boolean {
  const [word = ''] = line.trim().toUpperCase().split(/\s+/)
  const value = Number(/\bS(-?[\d.]+)/i.exec(line)?.[1] ?? 0)
  switch (word) {
    case 'M112':
      return sim.act({ kind: 'kill' })
    case 'M104':
    case 'M109':
      return sim.act({ kind: 'heat', heater: 'nozzle', targetC: value })
    case 'M140':
    case 'M190':
      return sim.act({ kind: 'heat', heater: 'bed', targetC: value })
    case 'M106':
      return sim.act({ kind: 'fan', percent: value / 2.55 })
    case 'M107':
      return sim.act({ kind: 'fan', percent: 0 })
    case 'G28':
      return sim.act({ kind: 'home' })
    case 'M701':
      return sim.act({ kind: 'load-filament' })
    default:
      return true
  }
}
