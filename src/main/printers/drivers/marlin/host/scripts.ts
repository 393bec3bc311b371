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

/** Away from the part, so that a hot nozzle at rest does not melt into it. Heaters stay as they are. */
export function parkScript(): readonly string[] {
  return [
    'M83',
    `G1 E-${RETRACT_MM} F${RETRACT_FEED}`,
    'G91',
    `G1 Z${LIFT_MM} F${LIFT_FEED}`,
    'G90',
    `G1 X0 Y0 F${TRAVEL_FEED}`,
    'M400',
  ]
}

/** Back to the place the pause left, then to the way the file was reading numbers. */
export function restoreScript(place: Place | undefined, modal: ModalState): readonly string[] {
  const back = place
    ? [`G1 X${place.xMm} Y${place.yMm} F${TRAVEL_FEED}`, `G1 Z${place.zMm} F${LIFT_FEED}`]
    : []
  const filament =
    place?.eMm === undefined
      ? [`G1 E${RETRACT_MM} F${RETRACT_FEED}`]
      : [`G1 E${RETRACT_MM} F${RETRACT_FEED}`, `G92 E${place.eMm}`]
  return [
    'G90',
    ...back,
    'M83',
    ...(place ? filament : []),
    modal.relative ? 'G91' : 'G90',
    modal.relativeE ? 'M83' : 'M82',
    ...(modal.feedMmPerMin === undefined ? [] : [`G1 F${modal.feedMmPerMin}`]),
  ]
}

/** Heaters first: whatever else fails after that, nothing stays hot. */
export function coolScript(options: {
  readonly tools: number
  readonly chamber: boolean
}): readonly string[] {
  const tools = Array.from({ length: Math.max(1, options.tools) }, (_value, tool) =>
    options.tools > 1 ? `M104 T${tool} S0` : 'M104 S0',
  )
  return [
    ...tools,
    'M140 S0',
    ...(options.chamber ? ['M141 S0'] : []),
    'M107',
    'G91',
    `G1 Z${LIFT_MM} F${LIFT_FEED}`,
    'G90',
    'M84',
  ]
}
