import { expect, it, onTestFinished } from 'vitest'
import { systemClock } from '../../../../src/main/lib/clock.ts'
import { marlin } from '../../../../src/main/printers/drivers/marlin/index.ts'
import { createSerialPorts } from '../../../../src/main/printers/serial/node-serial-ports.ts'
import { breakFleetPrinter, startFleetPrinter } from '../../../../src/main/printers/sim/fleet.ts'
import { createHttpClient } from '../../../../src/main/printers/wire/http-client.ts'
import { createLogRecorder } from '../../../fakes/log.ts'

it('a simulated serial printer is reached over a real socket, breaks and comes back', async () => {
  const fleet = await startFleetPrinter('marlin', 'Bench', systemClock)
  const stop = new AbortController()
  const http = createHttpClient(systemClock)
  onTestFinished(async () => {
    stop.abort()
    http.close()
    await fleet.server.stop()
  })
  const context = {
    log: createLogRecorder().log,
    clock: systemClock,
    random: () => 0.5,
    serial: createSerialPorts(),
    http,
    signal: stop.signal,
  }
  const session = await marlin.open(fleet.config(), context)
  const ended = new Promise(resolve => {
    session.on(event => event.kind === 'ended' && resolve(event.reason.code))
  })
  const files = await session.listFiles?.(stop.signal)
  expect(files?.map(({ name }) => name)).toContain('benchy.gcode')
  await breakFleetPrinter(fleet, 'cable')
  expect(await ended).toBe('wire.closed')
  await session.close()

  await breakFleetPrinter(fleet, 'well')
  const before = fleet.config().port
  await breakFleetPrinter(fleet, 'move')
  expect(fleet.config().port).not.toBe(before)
  const again = await marlin.open(fleet.config(), context)
  await again.close()
}, 20_000)
