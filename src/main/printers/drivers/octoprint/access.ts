import { z } from 'zod'
import { GantryError } from '../../../contract/error.ts'
import type { DriverContext } from '../../driver/driver.ts'
import { readReply } from '../../wire/readings.ts'
import { createWire, type OctoPrintConfig } from './wire.ts'

/** OctoPrint forgets a request that is not polled for 5 s. */
const pollPeriodMs = 1_000
const patienceMs = 300_000

const granted = z.object({ api_key: z.string().min(1) })

/** printer-protocols 5.1: Gantry asks, the owner says yes in OctoPrint's own window, nobody copies a key. */
export async function askForAccess(
  config: Pick<OctoPrintConfig, 'url' | 'username' | 'password'>,
  ctx: DriverContext,
): Promise<Readonly<Record<string, string>>> {
  const wire = createWire({ ...config, apiKey: '' }, ctx, ctx.signal)
  const probe = await wire.raw({ method: 'GET', path: 'plugin/appkeys/probe' })
  if (probe.status !== 204) {
    throw new GantryError(
      'printer.unsupported',
      'This OctoPrint cannot be asked for a key. Copy one from its settings, under “Application Keys”.',
    )
  }
  const asked = await wire.raw({
    method: 'POST',
    path: 'plugin/appkeys/request',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ app: 'Gantry' }),
  })
  if (asked.status === 429) {
    throw new GantryError(
      'auth.too-often',
      'OctoPrint was asked for a key too often. Wait a few minutes, then ask again.',
    )
  }
  const location = asked.headers.location
  if (asked.status !== 201 || location === undefined) {
    throw new GantryError('wire.malformed', 'OctoPrint did not take the request for a key.')
  }
  // Whatever host it names, the answer is waited for where the question went.
  const { pathname } = new URL(location, wire.base)
  const untilMs = ctx.clock.elapsed() + patienceMs
  while (ctx.clock.elapsed() < untilMs) {
    const reply = await wire.raw({ method: 'GET', path: pathname })
    if (reply.status === 200) {
      return { apiKey: readReply(reply.text, granted, 'the key').api_key }
    }
    if (reply.status !== 202) {
      throw new GantryError('auth.denied', 'The request was declined in OctoPrint, or nobody answered it.')
    }
    await pause(ctx, pollPeriodMs)
  }
  throw new GantryError('wire.timeout', 'Nobody answered the request in OctoPrint within 5 minutes.')
}

function pause({ clock, signal }: DriverContext, delayMs: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      cancelTimer()
      reject(new GantryError('cancelled', 'The request for a key was stopped.'))
    }
    const cancelTimer = clock.after(delayMs, 'printers.octoprint key', () => {
      signal.removeEventListener('abort', stop)
      resolve()
    })
    signal.addEventListener('abort', stop, { once: true })
  })
}
