import { beforeEach, describe, expect, it } from 'vitest'
import type { Notice } from '../../../src/main/contract/notice.ts'
import type { Battery } from '../../../src/main/lib/battery.ts'
import { createEmitter } from '../../../src/main/lib/emitter.ts'
import { isBatteryLow, warnOfLowBattery } from '../../../src/main/printers/low-battery.ts'
import type { PrintersEvents } from '../../../src/main/printers/printers.ts'
import { createFakeClock, type FakeClock } from '../../fakes/clock.ts'
import { createLogRecorder, type LogLine } from '../../fakes/log.ts'
import { feed, printerIn } from './fed-printer.ts'

describe('a battery', () => {
  it.each<[string, boolean, Battery | undefined, boolean]>([
    ['that is not there', false, undefined, false],
    ['that is being charged, however empty', false, { draining: false, percent: 3 }, false],
    ['that is full enough', false, { draining: true, percent: 20, minutesLeft: 30 }, false],
    ['that is below a fifth', false, { draining: true, percent: 19 }, true],
    ['that lasts less than half an hour', false, { draining: true, percent: 60, minutesLeft: 29 }, true],
    ['of which nothing is known but that it drains', false, { draining: true }, false],
    ['that rose a little after the warning', true, { draining: true, percent: 21 }, true],
    ['that was plugged in after the warning', true, { draining: false, percent: 10 }, false],
  ])('%s', (_what, warned, battery, low) => {
    expect(isBatteryLow(warned, battery)).toBe(low)
  })
})

describe('a machine that feeds a print', () => {
  let clock: FakeClock
  let view = printerIn({})
  let views: (typeof view)[] | undefined
  let battery: Battery | Error | undefined
  let asked: number
  let raised: Omit<Notice, 'sinceAt'>[]
  let standing: Set<string>
  let power: (() => void) | undefined
  let withdrawn: number
  let waiting: ((answer: Battery) => void)[] | undefined
  let lines: LogLine[]
  let stop: () => void
  let emitter = createEmitter<PrintersEvents>(() => undefined)

  beforeEach(() => {
    clock = createFakeClock()
    emitter = createEmitter<PrintersEvents>(() => undefined)
    view = printerIn({})
    views = undefined
    battery = { draining: true, percent: 80 }
    asked = 0
    raised = []
    withdrawn = 0
    waiting = undefined
    standing = new Set(['battery'])
    const recorder = createLogRecorder()
    lines = recorder.lines
    stop = warnOfLowBattery({
      printers: { list: () => views ?? [view], on: emitter.on },
      clock,
      log: recorder.log,
      notices: {
        raise(notice) {
          raised.push(notice)
          standing.add(notice.id)
        },
        withdraw(id) {
          withdrawn += 1
          standing.delete(id)
        },
      },
      async readBattery() {
        asked += 1
        if (battery instanceof Error) throw battery
        if (waiting) return new Promise(resolve => waiting?.push(resolve))
        return battery
      },
      onPower(listener) {
        power = listener
        return () => {
          power = undefined
        }
      },
    })
  })
  const becomes = async (live: boolean) => {
    view = printerIn({ feed: feed(live) })
    emitter.emit('changed', 'p')
    await clock.advance(0)
  }

  it('takes back what it was warned of before it was started anew', () => {
    expect(standing.size).toBe(0)
  })

  it('is asked about its battery only then, once a minute', async () => {
    await clock.advance(600_000)
    expect(asked).toBe(0)
    await becomes(true)
    expect(asked).toBe(1)
    await clock.advance(120_000)
    expect(asked).toBe(3)
    await becomes(false)
    await clock.advance(600_000)
    expect([asked, power]).toEqual([3, undefined])
  })

  it('is warned of once when it runs low, in the page and in the log, and no more when it is plugged in', async () => {
    await becomes(true)
    battery = { draining: true, percent: 15, minutesLeft: 20 }
    await clock.advance(180_000)
    expect(raised).toEqual([
      {
        id: 'battery',
        severity: 'warning',
        sentence: 'battery-low',
        params: { printers: 'Left <one>', percent: 15 },
      },
    ])
    expect(lines.filter(({ level }) => level === 'warn')).toHaveLength(1)
    battery = { draining: false, percent: 15 }
    power?.()
    await clock.advance(0)
    expect(standing.size).toBe(0)
    battery = { draining: true, percent: 14 }
    power?.()
    await clock.advance(0)
    expect(raised).toHaveLength(2)
  })

  it('is warned of no more when the print is over, nor when Gantry stops', async () => {
    battery = { draining: true, percent: 5 }
    await becomes(true)
    expect(standing.has('battery')).toBe(true)
    await becomes(false)
    expect(standing.has('battery')).toBe(false)
    await becomes(true)
    stop()
    expect(standing.has('battery')).toBe(false)
    expect(clock.waiting()).toEqual([])
  })

  it('names every printer, and no level where none is told', async () => {
    views = [printerIn({ feed: feed(true) }, 'Left'), printerIn({ feed: feed(true) }, 'Right')]
    battery = { draining: true, minutesLeft: 10 }
    emitter.emit('changed', 'p')
    await clock.advance(0)
    expect(raised.map(({ params }) => params)).toStrictEqual([{ printers: 'Left, Right' }])
  })

  it('is asked no more when the printer it feeds is taken away, and has its warning taken back once', async () => {
    battery = { draining: true, percent: 5 }
    await becomes(true)
    expect(clock.waiting()).toEqual(['printers.battery'])
    views = []
    emitter.emit('removed', 'p')
    expect([clock.waiting(), withdrawn]).toEqual([[], 2])
    stop()
    expect(withdrawn).toBe(2)
  })

  it('believes the last answer about its battery, not one that comes late', async () => {
    waiting = []
    await becomes(true)
    power?.()
    const [first, second] = waiting
    second?.({ draining: true, percent: 80 })
    first?.({ draining: true, percent: 5 })
    await clock.advance(0)
    expect(raised).toEqual([])
  })

  it('prints on when its battery cannot be asked, or answers after the print is over', async () => {
    battery = new Error('no such program')
    await becomes(true)
    await clock.advance(60_000)
    expect(raised).toEqual([])
    battery = { draining: true, percent: 5 }
    power?.()
    view = printerIn({ feed: feed(false) })
    emitter.emit('changed', 'p')
    await clock.advance(0)
    expect(raised).toEqual([])
  })
})

it('a machine whose system does not tell of its plug is asked all the same, until Gantry stops', async () => {
  const clock = createFakeClock()
  const raised: string[] = []
  const stop = warnOfLowBattery({
    printers: { list: () => [printerIn({ feed: feed(true) })], on: () => () => {} },
    clock,
    log: createLogRecorder().log,
    notices: { raise: ({ id }) => raised.push(id), withdraw: () => undefined },
    readBattery: async () => ({ draining: true, percent: 5 }),
  })
  await clock.advance(0)
  expect(raised).toEqual(['battery'])
  stop()
  expect(clock.waiting()).toEqual([])
})
