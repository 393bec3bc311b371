import { GantryError } from '../../contract/error.ts'
import type { CallRoute } from '../../contract/routes.ts'
import type { PrinterCommand, Printers } from '../../printers/index.ts'
import { answers, type CallHandler, type Handler } from './handlers.ts'
import { roomId } from './services.ts'

/** To touch. Translation only: what a printer can and may is decided in `printers`. */
export function controlHandlers({ printers }: { readonly printers: Printers }): Handler[] {
  const simple = (
    route: CallRoute & `POST printercontrol/${string}`,
    command: PrinterCommand,
  ): CallHandler => ({
    kind: 'call',
    route,
    async answer({ serviceId }) {
      await printers.perform(serviceId, command)
      return {}
    },
  })
  const perform = async (id: string, command: PrinterCommand) => {
    await printers.perform(id, command)
    return {}
  }

  return [
    simple('POST printercontrol/pause', { kind: 'pause' }),
    simple('POST printercontrol/resume', { kind: 'resume' }),
    simple('POST printercontrol/cancel', { kind: 'cancel' }),
    simple('POST printercontrol/emergencystop', { kind: 'emergency-stop' }),
    simple('POST printercontrol/clearfault', { kind: 'clear-fault' }),
    answers('POST printercontrol/stopall', async id => {
      if (id !== roomId) throw new GantryError('request.invalid', 'Only the room can stop all printers.')
      const { stopped, failed, left } = await printers.stopAll()
      return { stopped, failed: failed.map(({ id, error }) => ({ id, errorMessage: error.message })), left }
    }),
    answers('POST printercontrol/temperature', (id, { heater, targetC }) =>
      perform(id, { kind: 'set-temperature', heater, targetC }),
    ),
    answers('POST printercontrol/home', (id, { axes }) => perform(id, { kind: 'home', axes })),
    answers('POST printercontrol/jog', (id, { xMm, yMm, zMm, feedMmPerMin }) =>
      perform(id, {
        kind: 'jog',
        ...(xMm !== undefined && { xMm }),
        ...(yMm !== undefined && { yMm }),
        ...(zMm !== undefined && { zMm }),
        ...(feedMmPerMin !== undefined && { feedMmPerMin }),
      }),
    ),
    answers('POST printercontrol/extrude', (id, { mm, feedMmPerMin }) =>
      perform(id, { kind: 'extrude', mm, ...(feedMmPerMin !== undefined && { feedMmPerMin }) }),
    ),
    answers('POST printercontrol/fan', (id, { percent }) => perform(id, { kind: 'set-fan', percent })),
    answers('POST printercontrol/macro', (id, { name }) => perform(id, { kind: 'run-macro', name })),
    answers('POST printercontrol/gcode', (id, { line }) => perform(id, { kind: 'send-gcode', line })),
    answers('POST printercontrol/answer', (id, { promptId, button }) =>
      perform(id, { kind: 'answer-prompt', promptId, button }),
    ),
    answers('POST printercontrol/start', (id, { path }) => perform(id, { kind: 'start', path })),
    answers('POST printercontrol/bedclear', id => {
      printers.clearBed(id)
      return {}
    }),
    answers('POST printercontrol/reconnect', id => {
      printers.reconnect(id)
      return {}
    }),
  ]
}
