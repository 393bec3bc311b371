import type { Capabilities, Fault, FaultClass, Heater, Job, Link, Snapshot } from '../contract/printer.ts'
import type { SessionEvent } from './driver/driver.ts'
import { labelOf } from './label.ts'

/** What is known of a printer, and what the person said about its bed. */
export interface PrinterState {
  readonly snapshot: Snapshot
  /** The ended job whose part was taken off; a printer that goes on naming it is not asked about it again. */
  readonly clearedJob: string
}

export type StateInput =
  | { readonly kind: 'link'; readonly link: Link }
  | { readonly kind: 'bed-clear' }
  | { readonly kind: 'fault-dismissed'; readonly class?: FaultClass }
  | Exclude<SessionEvent, { kind: 'ended' | 'line' | 'files-changed' }>

export function blankPrinterState(
  can: Capabilities,
  now: number,
  clearedJob = '',
  job: Job = { state: 'none' },
): PrinterState {
  const link: Link = { state: 'offline', since: now }
  return {
    clearedJob,
    snapshot: {
      link,
      machine: { state: 'unknown' },
      job,
      label: 'offline',
      heaters: [],
      fans: [],
      faults: [],
      queue: [],
      device: {},
      attributes: {},
      can,
    },
  }
}

/** What the printer did not say. */
const bySomebodyElse = new Set<StateInput['kind']>(['link', 'bed-clear', 'fault-dismissed'])

/** printer state x input -> printer state. Pure; what a lost line knew stays, and `link` says that it is old. */
export function nextState(state: PrinterState, input: StateInput, now: number): PrinterState {
  const before = state.snapshot
  const heard = bySomebodyElse.has(input.kind) ? before : { ...before, heardAt: now }
  const { clearedJob, ...changed } = apply(heard, input, state.clearedJob, now)
  const { link, machine, job } = changed
  return {
    clearedJob,
    snapshot: { ...changed, label: labelOf(link.state, machine.state, job.state) },
  }
}

type Applied = Snapshot & { readonly clearedJob: string }

function apply(snapshot: Snapshot, input: StateInput, clearedJob: string, now: number): Applied {
  const same: Applied = { ...snapshot, clearedJob }
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
    case 'bed-clear':
      return { ...same, job: noJob, clearedJob: nameOf(snapshot.job) }
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
      return { ...same, heaters: mergeHeaters(snapshot.heaters, input.heaters) }
    case 'tool':
      return { ...same, activeTool: input.active }
    case 'position':
      return { ...same, position: input.position }
    case 'fans':
      return { ...same, fans: [...input.fans] }
    case 'fault':
      return { ...same, faults: withFault(snapshot.faults, input.fault) }
    case 'fault-dismissed':
    case 'fault-cleared': {
      const faults =
        input.class === undefined ? [] : snapshot.faults.filter(each => each.class !== input.class)
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
const nameOf = (job: Job) => `${job.id ?? ''} ${job.path ?? job.name ?? ''} ${job.state}`

/**
 * printer-protocols 1.1: nothing is finished because it stopped being printed. A job that vanished without its end
 * marker failed, whatever the reason; an ended job stays until somebody clears the bed or the next one runs.
 */
function applyJob(state: Applied, job: Job, now: number): Applied {
  const before = state.job
  if (isJobOn(job)) {
    const sameJob = isJobOn(before) && before.path === job.path && before.id === job.id
    const known = sameJob ? before : noJob
    const { startedAt = now - Math.round((job.elapsedS ?? 0) * 1000) } = known
    const readyAt = readyAtOf(job, known, now)
    return {
      ...state,
      clearedJob: '',
      job: { ...job, startedAt, ...(readyAt !== undefined && { readyAt }) },
    }
  }
  if (isOver(job)) {
    if (nameOf(job) === state.clearedJob) return { ...state, job: noJob }
    const known = isAnother(job, before) ? noJob : before
    const { startedAt } = known
    const { endedAt = now } = nameOf(known) === nameOf(job) ? known : noJob
    return {
      ...state,
      job: { ...withoutEnd(known), ...job, ...(startedAt !== undefined && { startedAt }), endedAt },
    }
  }
  if (isJobOn(before)) {
    return { ...state, job: { ...withoutEnd(before), state: 'failed', endedAt: now } }
  }
  return isOver(before) ? state : { ...state, job }
}

/** Not every printer says of an end whose it is; then it is of what was known. */
const isAnother = (job: Job, before: Job) =>
  (['id', 'path'] as const).some(
    name => job[name] !== undefined && before[name] !== undefined && job[name] !== before[name],
  )

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
