import type { Capabilities } from '../../contract/printer.ts'
import type { PrinterCommand } from './driver.ts'

/** Where a driver starts from: a printer that can only be looked at. */
export const nothing: Capabilities = {
  pause: false,
  cancel: false,
  emergencyStop: 'none',
  upload: false,
  stream: false,
  files: false,
  queue: false,
  push: false,
  temperatures: false,
  home: false,
  jog: false,
  extrude: false,
  fan: false,
  macros: [],
  gcode: false,
  prompts: false,
  restart: 'none',
  clock: false,
}

/** Asked before a command is sent, by the service and by every session: a capability is asked, never tried. */
export function allows(can: Capabilities, command: PrinterCommand): boolean {
  switch (command.kind) {
    case 'pause':
    case 'resume':
      return can.pause
    case 'cancel':
      return can.cancel
    case 'emergency-stop':
      return can.emergencyStop !== 'none'
    case 'set-temperature':
      return can.temperatures
    case 'home':
      return can.home
    case 'jog':
      return can.jog
    case 'extrude':
      return can.extrude
    case 'set-fan':
      return can.fan
    case 'run-macro':
      return can.macros.includes(command.name)
    case 'send-gcode':
      return can.gcode
    case 'answer-prompt':
      return can.prompts
    case 'restart-machine':
      return can.restart !== 'none'
    case 'delete-file':
      return can.files
    case 'enqueue':
    case 'dequeue':
      return can.queue
  }
}
