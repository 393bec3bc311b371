import { expect, it } from 'vitest'
import { GantryError } from '../../../src/main/contract/error.ts'
import { nothing } from '../../../src/main/printers/driver/capabilities.ts'
import type { PrinterDriver } from '../../../src/main/printers/driver/driver.ts'
import { createSessionVoice, type SessionVoice } from '../../../src/main/printers/driver/session-voice.ts'
import { createLivePrinter } from '../../../src/main/printers/printer.ts'
import { createHttpClient } from '../../../src/main/printers/wire/http-client.ts'
import { createFakeClock } from '../../fakes/clock.ts'
import { createLogRecorder } from '../../fakes/log.ts'

/** A printer that writes down whether somebody looks at it. */
function bench() {
  const clock = createFakeClock()
  const { log } = createLogRecorder()
  const looks: boolean[] = []
  const voices: SessionVoice[] = []
  const driver: PrinterDriver = {
    id: 'test',
    name: 'Test',
    form: [],
    fields: [],
    can: nothing,
    recognise: () => undefined,
    parseConfig: () => ({}),
    async open() {
      const voice = createSessionVoice()
      voices.push(voice)
      return {
        can: nothing,
        on: voice.on,
        perform: async () => {},
        focus: focused => looks.push(focused),
        close: async () => voice.silence(),
      }
    },
  }
  const live = createLivePrinter({
    stored: {
      id: 'p1',
      driver: 'test',
      name: 'Test',
      identity: undefined,
      config: {},
      simulated: false,
      clearedJob: '',
      addedAt: 0,
      told: undefined,
      movedFrom: undefined,
      movedAt: undefined,
    },
    driver,
    config: () => ({}),
    context: signal => ({
      clock,
      log,
      signal,
      random: () => 0.5,
      http: createHttpClient(clock),
      serial: { list: async () => [], open: () => Promise.reject(new Error('none')) },
    }),
    clock,
    random: () => 0.5,
    log,
    onChange: () => {},
    onLine: () => {},
  })
  return { clock, live, looks, voices }
}

it('a printer two people look at is looked at until the second one leaves, however often the first does', async () => {
  const { clock, live, looks } = bench()
  live.connection.start()
  await clock.advance(0)
  const first = live.focus()
  const second = live.focus()
  expect(looks).toEqual([true])
  first()
  first()
  expect(looks).toEqual([true])
  second()
  expect(looks).toEqual([true, false])
})

it('a printer that comes back is told that somebody still looks, and nothing when nobody does', async () => {
  const { clock, live, looks, voices } = bench()
  const leave = live.focus()
  live.connection.start()
  await clock.advance(0)
  expect(looks).toEqual([true])
  voices[0]?.end(new GantryError('wire.closed', 'gone'))
  await clock.advance(2_000)
  expect(looks).toEqual([true, true])
  leave()
  voices[1]?.end(new GantryError('wire.closed', 'gone'))
  await clock.advance(5_000)
  expect([voices.length, looks]).toEqual([3, [true, true, false]])
})
