import type { Clock } from '../../lib/clock.ts'
import type { Logger } from '../../lib/log.ts'
import type { SerialPorts } from '../serial/serial-ports.ts'
import type { HttpClient } from '../wire/http-client.ts'
import type { DriverContext } from './driver.ts'

/** The one place that says what a driver is given. */
export function driverContext(parts: {
  readonly clock: Clock
  readonly random: () => number
  readonly serial: SerialPorts
  readonly http: HttpClient
  readonly log: Logger
  readonly signal: AbortSignal
  readonly startProgram?: DriverContext['startProgram']
}): DriverContext {
  const { clock, random, serial, http, log, signal, startProgram } = parts
  return { clock, random, serial, http, log, signal, ...(startProgram && { startProgram }) }
}
