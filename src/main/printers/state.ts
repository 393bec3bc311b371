import type {
  Bed,
  Capabilities,
  Fault,
  FaultClass,
  Heater,
  Job,
  Link,
  Snapshot,
} from '../contract/printer.ts'
import type { PrinterCommand, SessionEvent } from './driver/driver.ts'
import {
  asBefore,
  cleared,
  type Facts,
  isTakenOff,
  noFacts,
  occupied,
  stoppedHere,
  withHold,
  withoutHold,
} from './facts.ts'
import { labelOf } from './label.ts'

export type StateInput =
  | { readonly kind: 'link'; readonly link: Link }
  /** It is told to print, and has not said yet which run that became. */
  | { readonly kind: 'begin' }
  | { readonly kind: 'not-begun'; readonly before: Bed }
  | { readonly kind: 'bed-clear'; readonly saidBy: Bed['saidBy'] }
  /** Somebody stops it from here, whatever it will say of that itself. */
  | { readonly kind: 'stopped' }
  | { readonly kind: 'hold-released'; readonly class: FaultClass }
  | { readonly kind: 'fault-dismissed'; readonly class?: FaultClass }
  | { readonly kind: 'command-begun'; readonly id: number; readonly command: PrinterCommand['kind'] }
  | { readonly kind: 'command-over'; readonly id: number }
  | Exclude<SessionEvent, { kind: 'ended' | 'line' | 'files-changed' | 'learnt' }>

export function blankSnapshot(
  can: Capabilities,
  now: number,
  { bed, holds }: Facts = noFacts,
  job: Job = noJob,
): Snapshot {
  return {
    link: { state: 'offline', since: now },
    machine: { state: 'unknown' },
    job,
    label: 'offline',
    heaters: [],
    fans: [],
    faults: [],
    bed,
    holds,
    doing: [],
    queue: [],
    device: {},
    attributes: {},
    can,
  }
}

/** What the printer did not say. */
const bySomebodyElse = new Set<StateInput['kind']>([
  'link',
  'begin',
  'not-begun',
  'bed-clear',
  'stopped',
  'hold-released',
  'fault-dismissed',
  'command-begun',
  'command-over',
])

/** snapshot x input -> snapshot. Pure; what a lost line knew stays, and `link` says that it is old. */
export function nextSnapshot(before: Snapshot, input: StateInput, now: number): Snapshot {
  const heard = bySomebodyElse.has(input.kind) ? before : { ...before, heardAt: now }
  const next = apply(heard, input, now)
  return { ...next, label: labelOf(next.link.state, next.machine.state, next.job.state) }
}

function apply(same: Snapshot, input: StateInput, now: number): Snapshot {
  switch (input.kind) {
    case 'link': {
      const { feed, link: before } = same
      // A print that is fed ends with the line it is fed over.
      const ended = input.link.state !== 'online' && feed?.live ? { feed: { ...feed, live: false } } : {}
      const isNew = input.link.state === 'online' && before.state !== 'online'
      // What an earlier session said of faults and asked is over: the new one says what still holds.
      const { prompt, ...rest } = same
      return { ...(isNew ? { ...rest, faults: [] } : same), ...ended, link: input.link }
    }
    case 'begin':
      return { ...same, bed: occupied(same.bed, undefined, now) }
    case 'not-begun':
      // A run that was told meanwhile is somebody else's, and on.
      return same.bed.run === undefined ? { ...same, bed: asBefore(same.bed, input.before, now) } : same
    case 'bed-clear':
      return { ...same, job: noJob, bed: cleared(same.bed, same.job, input.saidBy, now) }
    case 'stopped':
      return { ...same, holds: stoppedHere(same.holds, now) }
    case 'hold-released':
      return { ...same, holds: withoutHold(same.holds, input.class) }
    case 'command-begun':
      return { ...same, doing: [...same.doing, { id: input.id, command: input.command, since: now }] }
    case 'command-over':
      return { ...same, doing: same.doing.filter(({ id }) => id !== input.id) }
    case 'device':
      return { ...same, device: input.device, attributes: input.attributes }
    case 'capabilities':
      return { ...same, can: input.can }
    case 'machine': {
      const { state, text } = input
      return { ...same, machine: text === undefined ? { state } : { state, text } }
    }
    case 'job':
      return applyJob(same, input.job, now)
    case 'heaters':
      return { ...same, heaters: mergeHeaters(same.heaters, input.heaters) }
    case 'tool':
      return { ...same, activeTool: input.active }
    case 'position':
      return { ...same, position: input.position }
    case 'fans':
      return { ...same, fans: [...input.fans] }
    case 'fault':
      return {
        ...same,
        faults: withFault(same.faults, input.fault),
        holds: withHold(same.holds, input.fault, isJobOn(same.job)),
      }
    case 'fault-dismissed':
    case 'fault-cleared': {
      const faults = input.class === undefined ? [] : same.faults.filter(each => each.class !== input.class)
      return { ...same, faults }
    }
    case 'prompt': {
      const { prompt: _, ...rest } = same
      return input.prompt ? { ...rest, prompt: input.prompt } : rest
    }
    case 'queue':
      return { ...same, queue: [...input.queue] }
    case 'feed':
      return { ...same, feed: input.feed }
    case 'clock': {
      const { deviceAt, at, source } = input
      return { ...same, clock: { offsetMs: deviceAt - at, source, at } }
    }
  }
}

const isJobOn = ({ state }: Job): boolean => state === 'running' || state === 'paused'
const isOver = ({ state }: Job) => state === 'done' || state === 'failed' || state === 'cancelled'
const noJob: Job = { state: 'none' }

/**
 * printer-protocols 1.1: nothing is finished because it stopped being printed. A job that vanished without its end
 * marker failed, whatever the reason; an ended job stays until somebody clears the bed or the next one runs.
 */
function applyJob(state: Snapshot, job: Job, now: number): Snapshot {
  const before = state.job
  const known = before.run === job.run ? before : noJob
  if (isJobOn(job)) {
    const { startedAt = now - Math.round((job.elapsedS ?? 0) * 1000) } = known
    const readyAt = readyAtOf(job, known, now)
    return {
      ...state,
      bed: occupied(state.bed, job.run, now),
      job: { ...job, startedAt, ...(readyAt !== undefined && { readyAt }) },
    }
  }
  if (isOver(job)) {
    if (isTakenOff(state.bed, job)) return { ...state, job: noJob }
    const { startedAt } = known
    const { endedAt = now } = known.state === job.state ? known : noJob
    return {
      ...state,
      bed: occupied(state.bed, job.run, now),
      job: { ...withoutEnd(known), ...job, ...(startedAt !== undefined && { startedAt }), endedAt },
    }
  }
  if (isJobOn(before)) {
    return { ...state, job: { ...withoutEnd(before), state: 'failed', endedAt: now } }
  }
  return isOver(before) ? state : { ...state, job }
}

/** Later by less than this is rounding: many printers count whole minutes. */
const roundingMs = 60_000

/**
 * When the job will be done, counted from when the printer said how long it takes. Said once, it stands: a job that
 * is told again with the same remaining time, or with one rounded up, does not become ready later for it.
 */
function readyAtOf({ state, remainingS }: Job, before: Job, now: number): number | undefined {
  if (state !== 'running' || remainingS === undefined) return undefined
  const { readyAt: known, remainingS: told } = before
  const at = now + Math.round(remainingS * 1000)
  if (known === undefined) return at
  if (remainingS === told) return known
  return at - known < roundingMs ? Math.min(at, known) : at
}

function withoutEnd({ remainingS: _, readyAt: __, ...job }: Job): Job {
  return job
}

function mergeHeaters(before: readonly Heater[], heard: readonly Heater[]): Heater[] {
  const merged = new Map(before.map(heater => [heater.id, heater]))
  for (const heater of heard) merged.set(heater.id, heater)
  return [...merged.values()]
}

/** The same class again is the same fault: it began when it was first told. */
function withFault(faults: readonly Fault[], fault: Fault): Fault[] {
  const earlier = faults.find(each => each.class === fault.class)
  const since = earlier?.since ?? fault.since
  return [...faults.filter(each => each !== earlier), { ...fault, since }]
}
