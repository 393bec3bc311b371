import { GantryError } from '../../../contract/error.ts'
import { refuseControl } from '../../driver/admission.ts'
import type { PrinterCommand } from '../../driver/driver.ts'
import { objectOf } from './state.ts'

export interface RpcCall {
  readonly method: string
  readonly params: Readonly<Record<string, unknown>>
}

/** One line each: the last look before Klipper splits at every line break there is. */
function script(...lines: readonly string[]): RpcCall {
  for (const line of lines) refuseControl('line', line)
  return { method: 'printer.gcode.script', params: { script: lines.join('\n') } }
}
const plain = (method: string): RpcCall => ({ method, params: {} })

export const printOf = (path: string): RpcCall => ({
  method: 'printer.print.start',
  params: { filename: path },
})

/** A command as Moonraker's call. Prompts are answered by the session, which knows the buttons' G-code. */
export function callOf(command: PrinterCommand, names: ReadonlySet<string>): RpcCall {
  switch (command.kind) {
    case 'pause':
    case 'resume':
    case 'cancel':
      return plain(`printer.print.${command.kind}`)
    case 'emergency-stop':
      return plain('printer.emergency_stop')
    case 'restart-machine':
      return plain('printer.firmware_restart')
    case 'set-temperature':
      return heat(command.heater, command.targetC, names)
    case 'home':
      return script(['G28', ...command.axes.toUpperCase()].join(' '))
    case 'jog': {
      const { xMm, yMm, zMm, feedMmPerMin = 3_000 } = command
      const axes = Object.entries({ X: xMm, Y: yMm, Z: zMm }).flatMap(([axis, mm]) =>
        mm === undefined ? [] : [`${axis}${mm}`],
      )
      return moved('G91', `G1 ${axes.join(' ')} F${feedMmPerMin}`)
    }
    case 'extrude':
      return moved('M83', `G1 E${command.mm} F${command.feedMmPerMin ?? 300}`)
    case 'set-fan':
      return script(command.percent <= 0 ? 'M107' : `M106 S${Math.round(command.percent * 2.55)}`)
    case 'run-macro':
      return script(command.name)
    case 'send-gcode':
      return script(command.line)
    case 'delete-file':
      return { method: 'server.files.delete_file', params: { path: `gcodes/${command.path}` } }
    case 'enqueue':
      return { method: 'server.job_queue.post_job', params: { filenames: [command.path] } }
    case 'dequeue':
      return { method: 'server.job_queue.delete_job', params: { job_ids: [command.id] } }
    default:
      throw new GantryError('printer.unsupported', 'Moonraker cannot do this.', { command: command.kind })
  }
}

/** Leaves the modes and the count of filament as they were: a paused print goes on with them. */
const moved = (...lines: readonly string[]) =>
  script('SAVE_GCODE_STATE NAME=gantry', ...lines, 'RESTORE_GCODE_STATE NAME=gantry')

function heat(heaterId: string, targetC: number, names: ReadonlySet<string>): RpcCall {
  const object = objectOf(heaterId, names)
  if (object === undefined || /^temperature_sensor /.test(object)) {
    throw new GantryError('printer.unsupported', `The printer cannot heat “${heaterId}”.`)
  }
  const name = object.split(' ').at(-1) ?? object
  return script(`SET_HEATER_TEMPERATURE HEATER=${name} TARGET=${targetC}`)
}
