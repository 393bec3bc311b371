import { GantryError } from '../../../contract/error.ts'
import { refuseControl } from '../../driver/admission.ts'
import type { PrinterCommand } from '../../driver/driver.ts'
import { addressOfPlace, placeOf } from './place.ts'

export interface Call {
  readonly method: 'POST' | 'DELETE'
  readonly path: string
  readonly body?: unknown
}

const files = (path: string) => addressOfPlace(placeOf(path))
const post = (path: string, body: unknown): Call => ({ method: 'POST', path, body })
const gcode = (...commands: readonly string[]) => {
  for (const each of commands) refuseControl('line', each)
  return post('api/printer/command', { commands })
}

export const printOf = (path: string): Call => post(files(path), { command: 'select', print: true })

/** A command as the request OctoPrint has for it. */
export function callOf(command: PrinterCommand): Call {
  switch (command.kind) {
    case 'pause':
    case 'resume':
      // Without an action OctoPrint toggles, and two people pressing pause would be one too many.
      return post('api/job', { command: 'pause', action: command.kind })
    case 'cancel':
      return post('api/job', { command: 'cancel' })
    case 'emergency-stop':
      return gcode('M112')
    case 'set-temperature':
      return heat(command.heater, command.targetC)
    case 'home':
      return post('api/printer/printhead', { command: 'home', axes: [...(command.axes || 'xyz')] })
    case 'jog': {
      const { xMm, yMm, zMm, feedMmPerMin } = command
      return post('api/printer/printhead', {
        command: 'jog',
        x: xMm,
        y: yMm,
        z: zMm,
        speed: feedMmPerMin,
      })
    }
    case 'extrude':
      return post('api/printer/tool', { command: 'extrude', amount: command.mm, speed: command.feedMmPerMin })
    case 'set-fan':
      return command.percent <= 0 ? gcode('M107') : gcode(`M106 S${Math.round(command.percent * 2.55)}`)
    case 'send-gcode':
      return gcode(command.line)
    case 'answer-prompt':
      return post('api/plugin/action_command_prompt', { command: 'select', choice: command.button })
    case 'restart-machine':
      return post('api/connection', { command: 'connect' })
    case 'delete-file':
      return { method: 'DELETE', path: files(command.path) }
    default:
      throw new GantryError('printer.unsupported', 'OctoPrint cannot do this.', { command: command.kind })
  }
}

function heat(heater: string, targetC: number): Call {
  if (heater === 'bed' || heater === 'chamber') {
    return post(`api/printer/${heater}`, { command: 'target', target: targetC })
  }
  const tool = /^nozzle(\d+)$/.exec(heater)
  if (tool === null) throw new GantryError('printer.unsupported', `OctoPrint cannot heat “${heater}”.`)
  return post('api/printer/tool', { command: 'target', targets: { [`tool${tool[1]}`]: targetC } })
}
