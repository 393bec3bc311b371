import type { Heater, MachineState } from '../../../contract/printer.ts'
import type { ToldJob } from '../../driver/driver.ts'
import type { RunSight } from '../../driver/run-keeper.ts'
import { type DeviceTime, stampOf } from '../../driver/time-stamps.ts'
import { known, notBelow0, share } from '../../wire/readings.ts'
import { nameOfFile } from './place.ts'
import type { Flags, JobReply, Temperatures } from './reply.ts'

/** printer-protocols 1.2. The text is for display only; the flags decide. */
export function machineOf(flags: Flags, text: string | undefined): MachineState {
  if (flags.error) return 'error'
  if (flags.closedOrError) return 'offline'
  if (flags.cancelling) return 'cancelling'
  if (flags.pausing) return 'pausing'
  if (flags.resuming) return 'resuming'
  if (flags.paused) return 'paused'
  if (flags.finishing) return 'busy'
  // OctoPrint counts a file on its way to the card as printing; nothing is printed yet.
  if (flags.printing && /^(?:transferring|sending)/i.test(text ?? '')) return 'busy'
  if (flags.printing) return /^starting/i.test(text ?? '') ? 'preparing' : 'printing'
  if (flags.ready || flags.operational) return 'idle'
  return /^(?:opening|detecting|connecting)/i.test(text ?? '') ? 'unknown' : 'busy'
}

const jobOn: readonly MachineState[] = ['preparing', 'printing', 'pausing', 'resuming', 'cancelling']

/** Waiting or not: there is a job that is not over. */
export const isJobOn = (machine: MachineState) =>
  machine === 'paused' || machine === 'attention' || jobOn.includes(machine)

/**
 * OctoPrint keeps naming the selected file when nothing runs. A job that ended is `ended` as its event said; a
 * completion of 100 while nothing runs is OctoPrint's own word for a print that was done before we came.
 */
export type Ended = 'done' | 'cancelled' | 'failed'

const stateOf = ({ progress }: JobReply, machine: MachineState, ended: Ended | undefined) => {
  const waits = machine === 'paused' || machine === 'attention'
  const on = waits ? 'paused' : jobOn.includes(machine) ? 'running' : undefined
  return on ?? ended ?? (share(progress.completion, 100) === 1 ? 'done' : undefined)
}

/** What tells one run from the next; undefined where there is none. */
export function runSightOf(
  reply: JobReply,
  machine: MachineState,
  ended: Ended | undefined,
): RunSight | undefined {
  if (stateOf(reply, machine, ended) === undefined) return undefined
  return {
    file: nameOfFile(reply.job.file ?? {}) ?? '',
    isOn: isJobOn(machine),
    elapsedS: notBelow0(reply.progress.printTime),
  }
}

export function jobOf(
  reply: JobReply,
  machine: MachineState,
  ended: Ended | undefined,
  run: string,
): ToldJob {
  const { file = {}, filament } = reply.job
  const { completion, printTime, printTimeLeft } = reply.progress
  const progress = share(completion, 100)
  const state = stateOf(reply, machine, ended)
  if (state === undefined) return { state: 'none' }
  const on = isJobOn(machine)
  const lengths = Object.values(filament ?? {}).flatMap(({ length }) => notBelow0(length) ?? [])
  return {
    state,
    run,
    ...known({
      path: nameOfFile(file),
      name: file.display ?? file.name ?? undefined,
      progress,
      elapsedS: notBelow0(printTime),
      remainingS: on ? notBelow0(printTimeLeft) : undefined,
      filamentMm: lengths.length > 0 ? lengths.reduce((sum, mm) => sum + mm, 0) : undefined,
    }),
  }
}

export function heatersOf(temperatures: Temperatures, receivedAt: number, device: DeviceTime): Heater[] {
  const stamp = stampOf(receivedAt, {
    ...device,
    ...(temperatures.time !== undefined && { deviceAt: temperatures.time * 1000 }),
  })
  return Object.entries(temperatures.found).map(([key, { actual, target }]) => ({
    ...placeOf(key),
    ...known({ actualC: actual, targetC: target }),
    ...stamp,
  }))
}

function placeOf(key: string): Pick<Heater, 'id' | 'kind' | 'index' | 'name'> {
  const tool = /^tool(\d+)$/.exec(key)
  if (tool) return { id: `nozzle${tool[1]}`, kind: 'nozzle', index: Number(tool[1]) }
  if (key === 'bed' || key === 'chamber') return { id: key, kind: key, index: 0 }
  return { id: key.slice(0, 100), kind: 'sensor', index: 0, name: key.slice(0, 100) }
}
