import { t } from '../../i18n/index.ts'
import type { Printer } from '../../stores/printers.ts'

type Heater = Printer['snapshot']['heaters'][number]

const names = {
  nozzle: 'printer.nozzle',
  bed: 'printer.bed',
  chamber: 'printer.chamber',
  sensor: 'printer.sensor',
} as const

/** Nozzles after the first count up, so that two can be told apart. */
export function heaterName({ kind, name, index }: Heater): string {
  if (name !== undefined) return name
  return index > 0 ? `${t(names[kind])} ${index + 1}` : t(names[kind])
}

/** A colour of the theme per line; the word beside it tells the same. */
export function heaterColour({ kind, index }: Heater): string {
  if (kind === 'nozzle') return index % 2 === 0 ? '--g-hands' : '--g-heating'
  if (kind === 'bed') return '--g-printing'
  return kind === 'chamber' ? '--g-done' : '--g-idle'
}
