import { describe, expect, it } from 'vitest'
import { stampOf, stampText } from '../../../src/main/printers/driver/time-stamps.ts'

const received = Date.UTC(2030, 2, 17, 17, 46, 40, 123)

describe('time stamps of measurements', () => {
  it('gotapi 82: the offset is the one of the zone Gantry lives in', () => {
    expect(stampText(received, 60)).toBe('2030-03-17T18:46:40+0100')
    expect(stampText(received, -570)).toBe('2030-03-17T08:16:40-0930')
    expect(stampText(received, 0)).toBe('2030-03-17T17:46:40+0000')
    expect(stampText(received, 345)).toBe('2030-03-17T23:31:40+0545')
  })

  it('gotapi 83: the milliseconds of a device are kept', () => {
    expect(stampOf(received, { deviceAt: received - 877, offsetMs: 0 })).toEqual({
      at: received - 877,
      byPlugin: false,
    })
  })

  it('gotapi 84: the clock of the device decides the stamp where it has one', () => {
    expect(stampOf(received, { deviceAt: received - 5_000, offsetMs: -4_000 }).at).toBe(received - 1_000)
  })

  it('gotapi 85: ±hhmm without a colon, -0000 for an unknown offset, reception time without a device stamp', () => {
    expect(stampText(received, undefined)).toBe('2030-03-17T17:46:40-0000')
    expect(stampText(received, Number.NaN)).toBe('2030-03-17T17:46:40-0000')
    expect(stampOf(received)).toEqual({ at: received, byPlugin: true })
    expect(stampOf(received, { deviceAt: Number.NaN, offsetMs: 0 })).toEqual({ at: received, byPlugin: true })
  })

  it('gotapi 86: a clock 20 s slow is moved by 20 s, a superior clock is left alone', () => {
    const slow = { deviceAt: received - 20_000, offsetMs: -20_000 }
    expect(stampOf(received, slow).at).toBe(received)
    expect(stampOf(received, { ...slow, superior: true }).at).toBe(received - 20_000)
  })

  it('gotapi 109: a stamp of a clock that was never read is not believed, unless that clock is superior', () => {
    const stamped = { deviceAt: received - 700 }
    expect(stampOf(received, stamped)).toEqual({ at: received, byPlugin: true })
    expect(stampOf(received, { ...stamped, offsetMs: Number.NaN })).toEqual({ at: received, byPlugin: true })
    expect(stampOf(received, { ...stamped, superior: true })).toEqual({ at: received - 700, byPlugin: false })
  })

  it('gotapi 111: a clock 20 s fast is moved back by 20 s', () => {
    expect(stampOf(received, { deviceAt: received + 20_000, offsetMs: 20_000 }).at).toBe(received)
  })
})
