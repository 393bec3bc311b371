import type { Reach } from '../wire/firmware.ts'
import type { ModalState } from './modal-state.ts'

export interface Place {
  readonly xMm: number
  readonly yMm: number
  readonly zMm: number
  readonly eMm?: number
}

const LIFT_MM = 10
/** Of the radius of a round bed. */
const EDGE = 0.9
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

const knows = ({ homed }: Footing, axes: string) => [...axes].every(axis => homed.includes(axis))
const mm = (value: number) => String(Math.round(value * 1000) / 1000)

/** Above the part, as far as it may go. */
function liftedMm(place: Place, reach: Reach | undefined): number {
  return Math.max(place.zMm, Math.min(place.zMm + LIFT_MM, reach?.max.z ?? Number.POSITIVE_INFINITY))
}

/** A corner of the bed, or the edge of a round one. Without knowing the reach there is no place that is surely free. */
function cornerOf(reach: Reach | undefined, delta: boolean): readonly [number, number] | undefined {
  if (!reach) return undefined
  const { min, max } = reach
  if (!delta) return [min.x, min.y]
  return [0, -EDGE * Math.min(-min.x, max.x, -min.y, max.y)]
}

/**
 * Away from the part, so that a hot nozzle at rest does not melt into it. Heaters stay as they are. An axis that does not
 * know where it is stays too: a blind move may end in the frame or in the part.
 */
export function parkScript(
  place: Place,
  footing: Footing,
  { reach, delta }: { readonly reach?: Reach | undefined; readonly delta: boolean },
): readonly string[] {
  const corner = cornerOf(reach, delta)
  return [
    ...(footing.extruded ? ['M83', `G1 E-${RETRACT_MM} F${RETRACT_FEED}`] : []),
    'G90',
    ...(knows(footing, 'Z') ? [`G1 Z${mm(liftedMm(place, reach))} F${LIFT_FEED}`] : []),
    ...(knows(footing, 'XYZ') && corner ? [`G1 X${mm(corner[0])} Y${mm(corner[1])} F${TRAVEL_FEED}`] : []),
    'M400',
  ]
}

/**
 * Back to the place the pause left, then to the way the file was reading numbers. `fromMm`: where the head stands now,
 * which may be lower than it was left: it goes up before it goes anywhere else.
 */
export function restoreScript(
  place: Place,
  modal: ModalState,
  footing: Footing,
  { reach, fromMm }: { readonly reach?: Reach | undefined; readonly fromMm: number },
): readonly string[] {
  const up = Math.max(liftedMm(place, reach), fromMm)
  return [
    'G90',
    ...(knows(footing, 'Z') && up > fromMm ? [`G1 Z${mm(up)} F${LIFT_FEED}`] : []),
    ...(modal.tool === undefined ? [] : [`T${modal.tool}`]),
    ...(knows(footing, 'XYZ') ? [`G1 X${mm(place.xMm)} Y${mm(place.yMm)} F${TRAVEL_FEED}`] : []),
    ...(knows(footing, 'Z') ? [`G1 Z${mm(place.zMm)} F${LIFT_FEED}`] : []),
    'M83',
    ...(footing.extruded ? [`G1 E${RETRACT_MM} F${RETRACT_FEED}`] : []),
    ...(footing.extruded && place.eMm !== undefined ? [`G92 E${place.eMm}`] : []),
    ...Object.values(modal.fans),
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
