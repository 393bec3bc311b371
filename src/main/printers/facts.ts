import type { Bed, Fault, FaultClass, Hold, Job } from '../contract/printer.ts'

/**
 * What a printer cannot be asked: whether a part lies on its bed, and whether somebody has looked after a fault. Set when
 * a run begins or a fault is heard; only a person takes them away.
 */
export interface Facts {
  readonly bed: Bed
  readonly holds: readonly Hold[]
}

export const noFacts: Facts = {
  bed: { state: 'unknown', version: 0, saidBy: 'nobody', at: 0 },
  holds: [],
}

type SaidBy = Bed['saidBy']

/** A part of this run is on the bed, or will be; without a run it is one that was just asked for. */
export function occupied(bed: Bed, run: string | undefined, at: number): Bed {
  if (bed.state === 'occupied' && bed.run === run) return bed
  return { state: 'occupied', ...(run !== undefined && { run }), ...change(bed, 'printer', at) }
}

export function cleared(bed: Bed, job: Job, saidBy: SaidBy, at: number): Bed {
  const run = job.run ?? bed.run
  return { state: 'clear', ...(run !== undefined && { run }), ...change(bed, saidBy, at) }
}

/** As it was before somebody asked for a run that did not come about. */
export function asBefore(bed: Bed, before: Bed, at: number): Bed {
  return { ...before, version: bed.version + 1, at }
}

const change = ({ version }: Bed, saidBy: SaidBy, at: number) => ({ version: version + 1, saidBy, at })

/** The part of this run was taken off, although the printer goes on naming it. */
export function isTakenOff(bed: Bed, { run }: Job): boolean {
  return bed.state === 'clear' && bed.run !== undefined && bed.run === run
}

/** After these the machine is not to be trusted with heat until somebody has seen it. */
const holding = new Set<FaultClass>([
  'thermal-runaway',
  'heating-failed',
  'sensor-fault',
  'killed',
  'user-stop',
  'firmware-fatal',
])

/** The same class again is the same hold. A board that starts anew is nobody's business unless it was printing. */
export function withHold(holds: readonly Hold[], fault: Fault, isJobOn: boolean): readonly Hold[] {
  const isGrave = fault.severity === 'critical' || fault.severity === 'error'
  const counts = holding.has(fault.class) || (fault.class === 'printer-reset' && isJobOn)
  if (!isGrave || !counts || holds.some(each => each.class === fault.class)) return holds
  return [...holds, { class: fault.class, text: fault.text, since: fault.since }]
}

/** A board without a way to hear it at once is reset, and says no more than that it started. */
export function stoppedHere(holds: readonly Hold[], at: number): readonly Hold[] {
  if (holds.some(each => each.class === 'user-stop')) return holds
  return [...holds, { class: 'user-stop', text: '', since: at }]
}

export function withoutHold(holds: readonly Hold[], about: FaultClass): readonly Hold[] {
  return holds.filter(each => each.class !== about)
}
