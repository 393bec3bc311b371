import type { Heater, Job, MachineState, Position, Stamp } from '../../../contract/printer.ts'
import { ownOf } from '../../../lib/own.ts'
import type { ToldJob } from '../../driver/driver.ts'
import { known, notBelow0, share } from '../../wire/readings.ts'
import type { Drives, JobDetails, Status } from './reply.ts'

/** printer-protocols 1.2 and 7.2. FINISHED and STOPPED stay until somebody dismisses them at the printer. */
const states: Readonly<Record<string, MachineState>> = {
  IDLE: 'idle',
  READY: 'idle',
  PRINTING: 'printing',
  PAUSED: 'paused',
  FINISHED: 'finished',
  STOPPED: 'cancelled',
  ERROR: 'error',
  ATTENTION: 'attention',
}

const ended: Readonly<Record<string, Exclude<Job['state'], 'none'>>> = {
  FINISHED: 'done',
  STOPPED: 'cancelled',
  ERROR: 'failed',
}

export function machineOf({ printer, job }: Status, cancelling: boolean): MachineState {
  if (printer.state === 'BUSY') {
    if (cancelling) return 'cancelling'
    return job ? 'preparing' : 'busy'
  }
  return ownOf(states, printer.state) ?? 'busy'
}

/** `details` carries the names; the printer forgets them with the job, so the last ones serve for its end. */
export function jobOf(
  status: Status,
  details: JobDetails | undefined,
  machine: MachineState,
  drives: Drives,
  /** Of one that was over before anybody asked: the printer has forgotten its id. */
  unseenRun: string,
): ToldJob {
  const { job, printer } = status
  // A printer that stopped with nothing to print has a fault, not a job that failed.
  const isWithoutJob = printer.state === 'ERROR' && job === undefined && details === undefined
  const over = isWithoutJob ? undefined : ownOf(ended, printer.state)
  if (job === undefined && over === undefined) return { state: 'none' }
  const paused = machine === 'paused' || machine === 'attention'
  return {
    state: over ?? (paused ? 'paused' : 'running'),
    run: String(job?.id ?? details?.id ?? unseenRun),
    ...known({
      path: details?.file && pathOf(details.file, drives),
      name: details?.file?.display_name ?? details?.file?.name,
      progress: over === 'done' ? 1 : share(job?.progress, 100),
      elapsedS: notBelow0(job?.time_printing),
      remainingS: over ? undefined : notBelow0(job?.time_remaining),
    }),
  }
}

/**
 * A Buddy board names the folder, PrusaLink on a Raspberry Pi the whole path, and there the drive by the name people
 * gave it, which none of its own calls takes.
 */
export function pathOf({ path, name }: NonNullable<JobDetails['file']>, drives: Drives): string | undefined {
  if (path === undefined || name === undefined) return undefined
  const whole = path.endsWith(`/${name}`) ? path : `${path.replace(/\/$/, '')}/${name}`
  const drive = drives.find(each => each.name !== undefined && whole.startsWith(`/${each.name}/`))
  return drive?.name === undefined ? whole : `${drive.path}${whole.slice(drive.name.length + 1)}`
}

export function heatersOf({ printer }: Status, stamp: Stamp): Heater[] {
  const heater = (id: string, kind: 'nozzle' | 'bed', actualC?: number, targetC?: number): Heater => ({
    id,
    kind,
    index: 0,
    ...known({ actualC, targetC }),
    ...stamp,
  })
  return [
    heater('nozzle0', 'nozzle', printer.temp_nozzle, printer.target_nozzle),
    heater('bed', 'bed', printer.temp_bed, printer.target_bed),
  ]
}

export function positionOf({ printer }: Status, stamp: Stamp): Position | undefined {
  const { axis_x, axis_y, axis_z } = printer
  if (axis_z === undefined) return undefined
  return { ...known({ xMm: axis_x, yMm: axis_y, zMm: axis_z }), ...stamp }
}
