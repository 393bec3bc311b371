/**
 * A printer that is only arithmetic: it heats, prints, runs out of filament, cools. Pure: `step` moves time on,
 * `act` is what somebody does to it. No clock, no wire: the servers of each make put their protocol around it.
 */
export type SimMachine =
  | 'idle'
  | 'busy'
  | 'preparing'
  | 'printing'
  | 'pausing'
  | 'paused'
  | 'resuming'
  | 'cancelling'
  | 'finished'
  | 'cancelled'
  | 'attention'
  | 'error'

export interface SimHeater {
  readonly actualC: number
  readonly targetC: number
}

export interface SimFile {
  readonly path: string
  readonly sizeBytes: number
  readonly modifiedAt: number
  readonly durationS: number
  readonly layers: number
  readonly filamentMm: number
  readonly nozzleC: number
  readonly bedC: number
}

export interface SimJob {
  /** Counts up over a printer's life: what makes call a job id. */
  readonly id: number
  readonly file: SimFile
  /** Since it was started, heating and pauses included. */
  readonly elapsedS: number
  /** While material was laid. */
  readonly printedS: number
}

export type SimFault = 'filament-runout' | 'thermal-runaway' | 'user-stop'

export interface SimState {
  readonly machine: SimMachine
  /** How long the present transition (pausing, homing) still takes. */
  readonly transitionMs: number
  readonly nozzle: SimHeater
  /** Of the second tool, where there is one. */
  readonly nozzle1: SimHeater
  readonly bed: SimHeater
  readonly xMm: number
  readonly yMm: number
  readonly zMm: number
  readonly homed: boolean
  readonly fanPercent: number
  readonly filament: boolean
  readonly fault: SimFault | undefined
  /** The running job, or the last one until it is dismissed. */
  readonly job: SimJob | undefined
  readonly jobsStarted: number
  readonly queue: readonly SimFile[]
  readonly files: readonly SimFile[]
  /** What will go wrong, and when: at this progress of a job. */
  readonly script: readonly { readonly atProgress: number; readonly fault: SimFault }[]
}

export type SimAct =
  | { readonly kind: 'start'; readonly path: string }
  | { readonly kind: 'pause' | 'resume' | 'cancel' | 'kill' | 'reset' | 'home' | 'dismiss' | 'load-filament' }
  | { readonly kind: 'heat'; readonly heater: 'nozzle' | 'nozzle1' | 'bed'; readonly targetC: number }
  | { readonly kind: 'jog'; readonly xMm?: number; readonly yMm?: number; readonly zMm?: number }
  | { readonly kind: 'fan'; readonly percent: number }
  | { readonly kind: 'add-file'; readonly file: SimFile }
  | { readonly kind: 'delete-file'; readonly path: string }
  | { readonly kind: 'enqueue'; readonly path: string }
  | { readonly kind: 'dequeue'; readonly order: number }
  | { readonly kind: 'break'; readonly fault: SimFault; readonly atProgress?: number }

const ambientC = 21
const heatS = { nozzle: 18, bed: 45 }
const coolS = { nozzle: 60, bed: 240 }
const reachedWithinC = 2
const layerMm = 0.2
export const sizeMm = { x: 220, y: 220, z: 250 }

export const blankState: SimState = {
  machine: 'idle',
  transitionMs: 0,
  nozzle: { actualC: ambientC, targetC: 0 },
  nozzle1: { actualC: ambientC, targetC: 0 },
  bed: { actualC: ambientC, targetC: 0 },
  xMm: 0,
  yMm: 0,
  zMm: 0,
  homed: false,
  fanPercent: 0,
  filament: true,
  fault: undefined,
  job: undefined,
  jobsStarted: 0,
  queue: [],
  files: [],
  script: [],
}

export function progressOf(job: SimJob): number {
  return Math.min(1, job.printedS / job.file.durationS)
}

export function layerOf(job: SimJob): number {
  return Math.min(job.file.layers, Math.floor(progressOf(job) * job.file.layers) + 1)
}

/** Is there a job that is not over? */
export function isJobOn({ machine }: SimState): boolean {
  return isMachineOn(machine)
}

export function isMachineOn(machine: SimMachine): boolean {
  return ['preparing', 'printing', 'pausing', 'paused', 'resuming', 'cancelling', 'attention'].includes(
    machine,
  )
}

/** Time passes. Long spans are walked in small steps by the owner, not here. */
export function step(state: SimState, ms: number): SimState {
  const seconds = ms / 1000
  const warmed: SimState = {
    ...state,
    nozzle: warm(state.nozzle, seconds, heatS.nozzle, coolS.nozzle),
    nozzle1: warm(state.nozzle1, seconds, heatS.nozzle, coolS.nozzle),
    bed: warm(state.bed, seconds, heatS.bed, coolS.bed),
    ...(state.job && isJobOn(state) && { job: { ...state.job, elapsedS: state.job.elapsedS + seconds } }),
  }
  switch (warmed.machine) {
    case 'busy':
      return afterTransition(warmed, ms, { machine: 'idle' })
    case 'pausing':
      return afterTransition(warmed, ms, { machine: 'paused' })
    case 'resuming':
      return afterTransition(warmed, ms, { machine: 'printing' })
    case 'cancelling':
      return afterTransition(warmed, ms, { machine: 'cancelled', fanPercent: 0 })
    case 'preparing':
      return isHot(warmed) ? { ...warmed, machine: 'printing', homed: true, fanPercent: 100 } : warmed
    case 'printing':
      return lay(warmed, seconds)
    default:
      return warmed
  }
}

function warm(
  { actualC, targetC }: SimHeater,
  seconds: number,
  heatingS: number,
  coolingS: number,
): SimHeater {
  const towardsC = Math.max(targetC, ambientC)
  const tauS = towardsC > actualC ? heatingS : coolingS
  return { targetC, actualC: towardsC + (actualC - towardsC) * Math.exp(-seconds / tauS) }
}

function isHot({ nozzle, bed }: SimState): boolean {
  return [nozzle, bed].every(({ actualC, targetC }) => targetC === 0 || actualC > targetC - reachedWithinC)
}

function afterTransition(state: SimState, ms: number, then: Partial<SimState>): SimState {
  const transitionMs = state.transitionMs - ms
  return transitionMs > 0 ? { ...state, transitionMs } : { ...state, transitionMs: 0, ...then }
}

function lay(state: SimState, seconds: number): SimState {
  if (state.job === undefined) return { ...state, machine: 'idle' }
  const job = { ...state.job, printedS: Math.min(state.job.file.durationS, state.job.printedS + seconds) }
  const progress = progressOf(job)
  const due = state.script.find(({ atProgress }) => progress >= atProgress)
  if (due) {
    return breakDown({ ...state, job, script: state.script.filter(each => each !== due) }, due.fault)
  }
  if (progress >= 1) return { ...state, ...heatersOff(state), job, machine: 'finished', fanPercent: 0 }
  return {
    ...state,
    job,
    xMm: round(sizeMm.x / 2 + 40 * Math.cos(job.printedS)),
    yMm: round(sizeMm.y / 2 + 40 * Math.sin(job.printedS)),
    zMm: round(layerOf(job) * layerMm),
  }
}

const round = (mm: number) => Math.round(mm * 100) / 100

function heatersOff({ nozzle, nozzle1, bed }: SimState): Pick<SimState, 'nozzle' | 'nozzle1' | 'bed'> {
  return {
    nozzle: { ...nozzle, targetC: 0 },
    nozzle1: { ...nozzle1, targetC: 0 },
    bed: { ...bed, targetC: 0 },
  }
}

function breakDown(state: SimState, fault: SimFault): SimState {
  if (fault === 'filament-runout') {
    return { ...state, filament: false, fault, machine: isJobOn(state) ? 'attention' : state.machine }
  }
  return { ...state, ...heatersOff(state), fault, machine: 'error', fanPercent: 0, homed: false }
}

const moveMs = 1_500

/** Somebody does something. undefined: in this state the printer refuses. */
export function act(state: SimState, input: SimAct): SimState | undefined {
  if (
    state.machine === 'error' &&
    !['reset', 'add-file', 'delete-file', 'load-filament'].includes(input.kind)
  ) {
    return undefined
  }
  switch (input.kind) {
    case 'start':
      return start(state, input.path)
    case 'pause':
      return state.machine === 'printing' || state.machine === 'preparing'
        ? { ...state, machine: 'pausing', transitionMs: moveMs }
        : undefined
    case 'resume':
      if (state.machine !== 'paused' && state.machine !== 'attention') return undefined
      return state.filament
        ? { ...state, machine: 'resuming', transitionMs: moveMs, fault: undefined }
        : undefined
    case 'cancel':
      return isJobOn(state) && state.machine !== 'cancelling'
        ? { ...state, ...heatersOff(state), machine: 'cancelling', transitionMs: moveMs, fault: undefined }
        : undefined
    case 'kill':
      return breakDown(state, 'user-stop')
    case 'reset':
      return {
        ...state,
        ...heatersOff(state),
        machine: 'idle',
        fault: undefined,
        job: undefined,
        homed: false,
      }
    case 'dismiss':
      return ['finished', 'cancelled'].includes(state.machine)
        ? { ...state, machine: 'idle', job: undefined }
        : undefined
    case 'load-filament':
      return { ...state, filament: true, fault: state.fault === 'filament-runout' ? undefined : state.fault }
    case 'home':
      // No firmware asks whether something is printed: it does as it is told.
      return {
        ...state,
        ...(!isJobOn(state) && { machine: 'busy', transitionMs: moveMs }),
        homed: true,
        xMm: 0,
        yMm: 0,
        zMm: 0,
      }
    case 'jog':
      return { ...state, ...jogged(state, input) }
    case 'heat':
      return { ...state, [input.heater]: { ...state[input.heater], targetC: Math.max(0, input.targetC) } }
    case 'fan':
      return { ...state, fanPercent: Math.min(100, Math.max(0, input.percent)) }
    case 'add-file':
      return { ...state, files: [...state.files.filter(({ path }) => path !== input.file.path), input.file] }
    case 'delete-file':
      if (isJobOn(state) && state.job?.file.path === input.path) return undefined
      return state.files.some(({ path }) => path === input.path)
        ? { ...state, files: state.files.filter(({ path }) => path !== input.path) }
        : undefined
    case 'enqueue': {
      const file = state.files.find(({ path }) => path === input.path)
      return file && { ...state, queue: [...state.queue, file] }
    }
    case 'dequeue':
      return { ...state, queue: state.queue.filter((_, order) => order !== input.order) }
    case 'break':
      return input.atProgress === undefined
        ? breakDown(state, input.fault)
        : { ...state, script: [...state.script, { atProgress: input.atProgress, fault: input.fault }] }
  }
}

function start(state: SimState, path: string): SimState | undefined {
  const file = state.files.find(each => each.path === path)
  if (file === undefined || isJobOn(state) || state.machine === 'busy') return undefined
  return {
    ...state,
    machine: 'preparing',
    jobsStarted: state.jobsStarted + 1,
    job: { id: state.jobsStarted + 1, file, elapsedS: 0, printedS: 0 },
    nozzle: { ...state.nozzle, targetC: file.nozzleC },
    bed: { ...state.bed, targetC: file.bedC },
  }
}

function jogged(
  { xMm, yMm, zMm }: SimState,
  by: { xMm?: number; yMm?: number; zMm?: number },
): Pick<SimState, 'xMm' | 'yMm' | 'zMm'> {
  const within = (mm: number, greatest: number) => round(Math.min(greatest, Math.max(0, mm)))
  return {
    xMm: within(xMm + (by.xMm ?? 0), sizeMm.x),
    yMm: within(yMm + (by.yMm ?? 0), sizeMm.y),
    zMm: within(zMm + (by.zMm ?? 0), sizeMm.z),
  }
}
