import { describe, expect, it } from 'vitest'
import type { Heater } from '../../../../src/main/contract/printer.ts'
import { driverContext } from '../../../../src/main/printers/driver/driver-context.ts'
import { createSessionVoice } from '../../../../src/main/printers/driver/session-voice.ts'
import { createReader } from '../../../../src/main/printers/drivers/octoprint/reader.ts'
import { printer, push } from '../../../../src/main/printers/drivers/octoprint/reply.ts'
import { createHttpClient } from '../../../../src/main/printers/wire/http-client.ts'
import { createFakeClock } from '../../../fakes/clock.ts'
import { createLogRecorder } from '../../../fakes/log.ts'
import { runOfFile } from '../run-of-file.ts'

/** An OctoPrint whose clock is `aheadMs` ahead of ours, and that measured its readings a second ago. */
function bench() {
  const clock = createFakeClock()
  const voice = createSessionVoice()
  const told: Heater[] = []
  voice.on(event => {
    if (event.kind === 'heaters') told.push(...event.heaters)
  })
  const reader = createReader(
    voice,
    runOfFile,
    driverContext({
      clock,
      random: () => 0.5,
      serial: { list: async () => [], open: () => Promise.reject(new Error('no ports')) },
      http: createHttpClient(clock),
      log: createLogRecorder().log,
      signal: new AbortController().signal,
    }),
  )
  const state = { text: 'Operational', flags: { operational: true, ready: true } }
  return {
    clock,
    latest: () => told.at(-1),
    /** A push; `stampedBy` is how far the clock was ahead when the reading was taken. */
    async push(aheadMs: number, stampedBy = aheadMs) {
      await clock.advance(1_000)
      const now = clock.now()
      const temps = [{ time: (now + stampedBy - 1_000) / 1000, tool0: { actual: 20, target: 0 } }]
      const current = { state, job: {}, progress: {}, temps, logs: [], messages: [] }
      reader.hear(push.parse({ current: { ...current, serverTime: (now + aheadMs) / 1000 } }))
    },
    ask(measuredAt: number) {
      const temperature = { time: measuredAt / 1000, tool0: { actual: 20, target: 0 } }
      reader.asked(printer.parse({ state, temperature }))
    },
  }
}

describe('the clock of an OctoPrint', () => {
  it('gotapi 109: stamps of one that has not told its time yet are not believed', () => {
    const { clock, ask, latest } = bench()
    ask(clock.now() - 3_600_000)
    expect(latest()).toMatchObject({ at: clock.now(), byPlugin: true })
  })

  it.each([20_000, -20_000])('gotapi 111: %d ms ahead is taken off every stamp', async aheadMs => {
    const { clock, push, latest } = bench()
    await push(aheadMs)
    expect(latest()).toMatchObject({ at: clock.now() - 1_000, byPlugin: false })
  })

  it.each([
    ['forward', 3_600_000, 1],
    // Two answers that are older than the last are taken for stragglers.
    ['back', -3_600_000, 3],
  ])(
    'gotapi 111: set %s while connected, the new difference counts from then on',
    async (_, aheadMs, pushes) => {
      const { clock, push, latest } = bench()
      await push(20_000)
      for (let count = 0; count < pushes; count++) await push(aheadMs)
      await push(aheadMs)
      expect(latest()).toMatchObject({ at: clock.now() - 1_000, byPlugin: false })
    },
  )

  it('gotapi 111: a reading that was stamped before the clock was set has the time of reception', async () => {
    const { clock, push, latest } = bench()
    await push(20_000)
    await push(3_600_000, 20_000)
    expect(latest()).toMatchObject({ at: clock.now(), byPlugin: true })
  })
})
