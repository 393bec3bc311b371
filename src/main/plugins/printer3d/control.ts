import { audienceOf } from '../../handlers/caller.ts'
import { failureOf } from '../../handlers/failure.ts'
import { answers, type RouteHandler } from '../../handlers/handler.ts'
import { refusalOf } from '../../handlers/outcome.ts'
import type { Logger } from '../../lib/log.ts'
import type { PrinterCommand, Printers } from '../../printers/index.ts'
import { sightOf } from './sight.ts'

type SimpleRoute = `POST printercontrol/${'pause' | 'resume' | 'cancel' | 'emergencystop' | 'restart'}`

interface ControlDeps {
  readonly printers: Printers
  readonly log: Logger
}

/** To touch. Translation only: what a printer can and may is decided in `printers`. */
export function controlHandlers({ printers, log }: ControlDeps): RouteHandler[] {
  const simple = (route: SimpleRoute, command: PrinterCommand) =>
    answers(route, (_, { serviceId }) => perform(serviceId, command))
  const perform = async (id: string, command: PrinterCommand) => {
    await printers.perform(id, command)
    return {}
  }
  /** Why one of many did not do it, as a refusal of it alone would say. */
  const whyOf = (error: unknown, printerId: string, isOwner: boolean) => {
    const refusal = refusalOf(error, mistake =>
      log.error('a printer was not stopped by a mistake of ours', { error: mistake }),
    )
    const sight = sightOf(audienceOf(isOwner))
    const view = printers.list().find(({ id }) => id === printerId)
    const told = sight.refusal(refusal, view)
    const { errorMessage, reason, reasonParams } = failureOf(told)
    return { errorMessage, reason, ...(reasonParams && { reasonParams }) }
  }

  return [
    simple('POST printercontrol/pause', { kind: 'pause' }),
    simple('POST printercontrol/resume', { kind: 'resume' }),
    simple('POST printercontrol/cancel', { kind: 'cancel' }),
    simple('POST printercontrol/emergencystop', { kind: 'emergency-stop' }),
    simple('POST printercontrol/restart', { kind: 'restart-machine' }),
    answers('POST printercontrol/dismissfault', (params, { serviceId }) => {
      printers.dismissFault(serviceId, params.class)
      return {}
    }),
    answers('POST printercontrol/stopall', async (_, { caller }) => {
      const { stopped, failed, left } = await printers.stopAll()
      return {
        stopped,
        failed: failed.map(({ id, error }) => ({ id, ...whyOf(error, id, caller.isOwner) })),
        left,
      }
    }),
    answers('POST printercontrol/temperature', ({ heater, targetC }, { serviceId: id }) =>
      perform(id, { kind: 'set-temperature', heater, targetC }),
    ),
    answers('POST printercontrol/home', ({ axes }, { serviceId: id }) => perform(id, { kind: 'home', axes })),
    answers('POST printercontrol/jog', ({ xMm, yMm, zMm, feedMmPerMin }, { serviceId: id }) =>
      perform(id, {
        kind: 'jog',
        ...(xMm !== undefined && { xMm }),
        ...(yMm !== undefined && { yMm }),
        ...(zMm !== undefined && { zMm }),
        ...(feedMmPerMin !== undefined && { feedMmPerMin }),
      }),
    ),
    answers('POST printercontrol/extrude', ({ mm, feedMmPerMin }, { serviceId: id }) =>
      perform(id, { kind: 'extrude', mm, ...(feedMmPerMin !== undefined && { feedMmPerMin }) }),
    ),
    answers('POST printercontrol/fan', ({ percent }, { serviceId: id }) =>
      perform(id, { kind: 'set-fan', percent }),
    ),
    answers('POST printercontrol/macro', ({ name }, { serviceId: id }) =>
      perform(id, { kind: 'run-macro', name }),
    ),
    answers('POST printercontrol/gcode', ({ line }, { serviceId: id }) =>
      perform(id, { kind: 'send-gcode', line }),
    ),
    answers('POST printercontrol/answer', ({ promptId, button }, { serviceId: id }) =>
      perform(id, { kind: 'answer-prompt', promptId, button }),
    ),
    answers('POST printercontrol/start', async ({ path }, { serviceId: id }) => {
      await printers.begin(id, path)
      return {}
    }),
    answers('POST printercontrol/bedclear', ({ version }, { serviceId, caller }) => {
      printers.clearBed(serviceId, caller.isOwner ? 'owner' : 'application', version)
      return {}
    }),
    answers('POST printercontrol/releasehold', (params, { serviceId }) => {
      printers.releaseHold(serviceId, params.class)
      return {}
    }),
    answers('POST printercontrol/reconnect', (_, { serviceId }) => {
      printers.reconnect(serviceId)
      return {}
    }),
  ]
}
