import { beforeEach, describe, expect, it } from 'vitest'
import type { Notice } from '../../../src/main/contract/notice.ts'
import { warnOfUnsynchronisedClock } from '../../../src/main/printers/unsynchronised-clock.ts'
import { createFakeClock, type FakeClock } from '../../fakes/clock.ts'
import { createLogRecorder } from '../../fakes/log.ts'

const fiveMinutesMs = 300_000

describe('the clock that stamps measurements', () => {
  let clock: FakeClock
  let said: boolean | undefined | Error | Promise<boolean>
  let standing: Map<string, Omit<Notice, 'sinceAt'>>
  let raised: number
  const notices = {
    raise(notice: Omit<Notice, 'sinceAt'>) {
      raised += 1
      standing.set(notice.id, notice)
    },
    withdraw: (id: string) => standing.delete(id),
  }
  const start = (knows = true) =>
    warnOfUnsynchronisedClock({
      clock,
      log: createLogRecorder().log,
      notices,
      ...(knows && {
        async clockIsSynchronised() {
          if (said instanceof Error) throw said
          return said
        },
      }),
    })

  beforeEach(() => {
    clock = createFakeClock()
    said = true
    raised = 0
    standing = new Map([
      ['clock', { id: 'clock', severity: 'warning', sentence: 'clock-unsynchronised', params: {} }],
    ])
  })

  it('gotapi 108: the owner is told, once, while the clock is not synchronised to UTC', async () => {
    start()
    await clock.advance(0)
    expect(standing.size).toBe(0)
    said = false
    await clock.advance(4 * fiveMinutesMs)
    expect([...standing.values()]).toEqual([
      { id: 'clock', severity: 'warning', sentence: 'clock-unsynchronised', params: {} },
    ])
    expect(raised).toBe(1)
    said = true
    await clock.advance(fiveMinutesMs)
    expect(standing.size).toBe(0)
  })

  it('gotapi 108: a machine that has just started has five minutes to find the time', async () => {
    said = false
    start()
    await clock.advance(fiveMinutesMs - 1)
    expect(raised).toBe(0)
    said = true
    await clock.advance(1)
    said = false
    await clock.advance(fiveMinutesMs)
    expect(raised).toBe(0)
    await clock.advance(fiveMinutesMs)
    expect(raised).toBe(1)
  })

  it.each([undefined, new Error('no such service')])(
    'gives no alarm where nobody knows: %s',
    async nobody => {
      said = nobody
      start()
      await clock.advance(3 * fiveMinutesMs)
      start(false)
      await clock.advance(3 * fiveMinutesMs)
      expect([raised, standing.size]).toEqual([0, 0])
    },
  )

  it('says nothing more when Gantry stops', async () => {
    said = false
    const stop = start()
    await clock.advance(2 * fiveMinutesMs)
    expect(standing.size).toBe(1)
    stop()
    expect([standing.size, clock.waiting()]).toEqual([0, []])
    const stopLater = start()
    await clock.advance(0)
    let answer = (_: boolean) => {}
    said = new Promise<boolean>(resolve => {
      answer = resolve
    })
    await clock.advance(fiveMinutesMs)
    stopLater()
    answer(false)
    await clock.advance(0)
    expect(standing.size).toBe(0)
  })
})
