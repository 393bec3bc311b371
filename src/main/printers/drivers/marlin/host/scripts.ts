import type { ModalState } from './modal-state.ts'

export interface Place {
  readonly xMm: number
  readonly yMm: number
  readonly zMm: number
  readonly eMm?: number
}

const LIFT_MM = 10
const RETRACT_MM = 2
const LIFT_FEED = 600
const TRAVEL_FEED = 6000
const RETRACT_FEED = 2100

/** How far a print has come, as far as it decides what may move and what may be pushed. */
export interface Footing {
  /** Axes that know where they are, in capital letters. */
  readonly homed: string
  /** Something was extruded: the nozzle is hot and full. */
  readonly extruded: boolean
}

/** `G28` alone homes all of them, with letters only these. */
export function homedBy(command: string, before: string): string {
  const match = /^G0*28(?:\s|$)(.*)/i.exec(command)
  if (!match) return before
  const axes = (match[1] ?? '').toUpperCase().replace(/[^XYZ]/g, '')
  return axes === '' ? 'XYZ' : before + axes
}

const lift = ['G91', `G1 Z${LIFT_MM} F${LIFT_FEED}`, 'G90']

/**
 * Away from the part, so that a hot nozzle at rest does not melt into it. Heaters stay as they are. An axis that does not
 * know where it is stays too: a blind move may end in the frame or in the part.
 */
export function parkScript({ homed, extruded }: Footing): readonly string[] {
  const knows = (axes: string) => [...axes].every(axis => homed.includes(axis))
  return [
    ...(extruded ? ['M83', `G1 E-${RETRACT_MM} F${RETRACT_FEED}`] : []),
    ...(knows('Z') ? lift : []),
    ...(knows('XYZ') ? [`G1 X0 Y0 F${TRAVEL_FEED}`] : []),
    'M400',
  ]
}

/** Back to the place the pause left, then to the way the file was reading numbers. */
export function restoreScript(
  place: Place | undefined,
  modal: ModalState,
  { homed, extruded }: Footing,
): readonly string[] {
  const knows = (axes: string) => [...axes].every(axis => homed.includes(axis))
  const back = place && [
    ...(knows('XYZ') ? [`G1 X${place.xMm} Y${place.yMm} F${TRAVEL_FEED}`] : []),
    ...(knows('Z') ? [`G1 Z${place.zMm} F${LIFT_FEED}`] : []),
  ]
  const filament =
    place?.eMm === undefined
      ? [`G1 E${RETRACT_MM} F${RETRACT_FEED}`]
      : [`G1 E${RETRACT_MM} F${RETRACT_FEED}`, `G92 E${place.eMm}`]
  return [
    'G90',
    ...(back ?? []),
    'M83',
    ...(place && extruded ? filament : []),
    modal.relative ? 'G91' : 'G90',
    modal.relativeE ? 'M83' : 'M82',
    ...(modal.feedMmPerMin === undefined ? [] : [`G1 F${modal.feedMmPerMin}`]),
  ]
}

/** Whatever else fails after that, nothing stays hot. Nothing moves. */
export function coolScript(options: {
  readonly tools: number
  readonly chamber: boolean
}): readonly string[] {
  const tools = Array.from({ length: Math.max(1, options.tools) }, (_value, tool) =>
    options.tools > 1 ? `M104 T${tool} S0` : 'M104 S0',
  )
  return [...tools, 'M140 S0', ...(options.chamber ? ['M141 S0'] : []), 'M107']
}

/** After the heaters: off the part where that is not blind, then the motors are let go. */
export function leaveScript({ homed }: Footing): readonly string[] {
  return [...(homed.includes('Z') ? lift : []), 'M84']
}
