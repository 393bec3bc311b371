import type { z } from 'zod'
import type { Fan, Fault, Heater, Job, MachineState, Position, Stamp } from '../../../contract/printer.ts'
import { ownOf } from '../../../lib/own.ts'
import type { ToldJob } from '../../driver/driver.ts'
import type { RunSight } from '../../driver/run-keeper.ts'
import { known, notBelow0, share } from '../../wire/readings.ts'
import {
  type Bags,
  displayStatus,
  fanBag,
  gcodeMove,
  heaterBag,
  idleTimeout,
  type metadata,
  printStats,
  sensorBag,
  toolhead,
  virtualSdcard,
} from './reply.ts'

export type Metadata = z.output<typeof metadata>

/** What Moonraker's cache of objects says, in our words. Pure: the whole cache in, facts out. */
export function machineOf(bags: Bags): { readonly state: MachineState; readonly text?: string } {
  const stats = printStats.parse(bags.print_stats ?? {})
  const idle = idleTimeout.parse(bags.idle_timeout ?? {})
  const text = known({ text: stats.message || stats.state })
  switch (stats.state) {
    case 'printing':
      return { state: (stats.print_duration ?? 0) > 0 ? 'printing' : 'preparing', ...text }
    case 'paused':
      return { state: stats.message ? 'attention' : 'paused', ...text }
    // The print failed; Klipper goes on and takes the next.
    case 'error':
    case 'complete':
    case 'cancelled':
    case 'standby':
    case undefined:
      return { state: idle.state === 'Printing' ? 'busy' : 'idle', ...text }
    default:
      return { state: 'busy', ...text }
  }
}

const jobStates: Readonly<Record<string, Exclude<Job['state'], 'none'>>> = {
  printing: 'running',
  paused: 'paused',
  complete: 'done',
  cancelled: 'cancelled',
  error: 'failed',
}

/** Why a command ended the print. */
export function printErrorOf(bags: Bags): string | undefined {
  const { state, message } = printStats.parse(bags.print_stats ?? {})
  return state === 'error' ? message || 'The print failed.' : undefined
}

const outcomes: Readonly<Record<string, 'done' | 'cancelled' | 'failed'>> = {
  completed: 'done',
  cancelled: 'cancelled',
  error: 'failed',
  klippy_shutdown: 'failed',
  klippy_disconnect: 'failed',
  interrupted: 'failed',
  server_exit: 'failed',
}

/** How a run of Moonraker's history ended (printer-protocols 6.4); undefined of one that goes on. */
export const outcomeOf = (status: string) => ownOf(outcomes, status)

/** What tells one run from the next; undefined where there is none. */
export function runSightOf(bags: Bags): RunSight | undefined {
  const { state = '', filename, total_duration } = printStats.parse(bags.print_stats ?? {})
  const job = ownOf(jobStates, state)
  if (job === undefined || !filename) return undefined
  return {
    file: filename,
    isOn: job === 'running' || job === 'paused',
    elapsedS: notBelow0(total_duration),
  }
}

export function jobOf(bags: Bags, about: Metadata | undefined, run: string): ToldJob {
  const stats = printStats.parse(bags.print_stats ?? {})
  const state = ownOf(jobStates, stats.state ?? '')
  if (state === undefined || !stats.filename) return { state: 'none' }
  const progress = state === 'done' ? 1 : progressOf(bags, about)
  const printedS = notBelow0(stats.print_duration) ?? 0
  const totalS = about?.estimated_time ?? (progress ? printedS / progress : undefined)
  const on = state === 'running' || state === 'paused'
  return {
    state,
    run,
    path: stats.filename,
    name: stats.filename.split('/').at(-1) ?? stats.filename,
    ...known({
      progress,
      elapsedS: notBelow0(stats.total_duration),
      remainingS: on && totalS !== undefined ? Math.max(0, totalS - printedS) : undefined,
      layer: whole(stats.info?.current_layer),
      layers: whole(stats.info?.total_layer ?? about?.layer_count),
      filamentMm: notBelow0(stats.filament_used),
    }),
  }
}

const whole = (value: number | null | undefined) => {
  const count = notBelow0(value)
  return count === undefined ? undefined : Math.round(count)
}

/** The slicer's own M73 where it wrote one; else bytes, without the head and tail that lay nothing. */
function progressOf(bags: Bags, about: Metadata | undefined): number | undefined {
  const shown = displayStatus.parse(bags.display_status ?? {}).progress
  if (shown) return share(shown)
  const { progress } = virtualSdcard.parse(bags.virtual_sdcard ?? {})
  const { gcode_start_byte: from, gcode_end_byte: to, size } = about ?? {}
  if (progress === undefined || from === undefined || to === undefined || !size || to <= from) {
    return share(progress)
  }
  return share(progress * size - from, to - from)
}

const heaterName = /^(?:extruder\d*|heater_bed|heater_generic .+|temperature_sensor .+|temperature_fan .+)$/

export function heatersOf(bags: Bags, names: Iterable<string>, stamp: Stamp): Heater[] {
  const found: Heater[] = []
  for (const name of names) {
    if (!heaterName.test(name)) continue
    const bag = heaterBag.safeParse(ownOf(bags, name) ?? {})
    if (!bag.success) continue
    const { temperature, target } = bag.data
    found.push({ ...placeOf(name), ...known({ actualC: temperature, targetC: target }), ...stamp })
  }
  return found
}

function placeOf(name: string): Pick<Heater, 'id' | 'kind' | 'index' | 'name'> {
  const tool = /^extruder(\d*)$/.exec(name)
  if (tool) return { id: `nozzle${Number(tool[1])}`, kind: 'nozzle', index: Number(tool[1]) }
  if (name === 'heater_bed') return { id: 'bed', kind: 'bed', index: 0 }
  const own = name.slice(name.indexOf(' ') + 1).slice(0, 100)
  if (/^chamber$/i.test(own)) return { id: 'chamber', kind: 'chamber', index: 0 }
  return { id: name.slice(0, 100), kind: 'sensor', index: 0, name: own }
}

/** The object of Klipper that a heater's id stands for. */
export function objectOf(heaterId: string, names: ReadonlySet<string>): string | undefined {
  const tool = /^nozzle(\d+)$/.exec(heaterId)
  if (tool) return tool[1] === '0' ? 'extruder' : `extruder${tool[1]}`
  if (heaterId === 'bed') return 'heater_bed'
  if (heaterId === 'chamber') return 'heater_generic chamber'
  return names.has(heaterId) ? heaterId : undefined
}

export function positionOf(bags: Bags, stamp: Stamp): Position | undefined {
  const [xMm, yMm, zMm] = gcodeMove.parse(bags.gcode_move ?? {}).gcode_position
  if (xMm === undefined) return undefined
  const homed = toolhead.parse(bags.toolhead ?? {}).homed_axes
  return { ...known({ xMm, yMm, zMm, homed }), ...stamp }
}

export function fansOf(bags: Bags, stamp: Stamp): Fan[] {
  const speed = share(fanBag.parse(bags.fan ?? {}).speed)
  return speed === undefined ? [] : [{ id: 'part', percent: Math.round(speed * 100), ...stamp }]
}

export function isOutOfFilament(bags: Bags): boolean {
  return Object.entries(bags).some(([name, bag]) => {
    if (!/^filament_(?:switch|motion)_sensor /.test(name)) return false
    const sensor = sensorBag.parse(bag)
    return sensor.enabled !== false && sensor.filament_detected === false
  })
}

/** What Klipper says of a command that it did not carry out. */
export function printFault(message: string, severity: 'warning' | 'error'): Omit<Fault, 'since'> {
  const found: [RegExp, Fault['class']][] = [
    [/filament|runout/i, 'filament-runout'],
    [/probe/i, 'probe-failed'],
    [/out of range|must home|endstop|homing/i, 'motion'],
    [/^unknown command/i, 'unsupported-command'],
  ]
  return {
    class: found.find(([pattern]) => pattern.test(message))?.[1] ?? 'other',
    severity,
    text: message.slice(0, 500),
    recoverBy: 'clear',
  }
}

/** printer-protocols 6.4: why Klipper shut down. */
export function shutdownFault(message: string, since: number): Fault {
  const found: [RegExp, Fault['class']][] = [
    [/not heating|heating at expected rate|thermal/i, 'heating-failed'],
    [/ADC out of range/i, 'sensor-fault'],
    [/lost communication/i, 'link-lost'],
    [/webhooks request|emergency/i, 'user-stop'],
  ]
  return {
    class: found.find(([pattern]) => pattern.test(message))?.[1] ?? 'firmware-fatal',
    severity: 'critical',
    text: message.slice(0, 500) || 'Klipper has stopped.',
    recoverBy: 'restart',
    since,
  }
}
