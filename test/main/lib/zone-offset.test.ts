import { afterEach, describe, expect, it, vi } from 'vitest'
import { zoneOffsetMin } from '../../../src/main/lib/zone-offset.ts'

describe('the offset of this machine’s zone', () => {
  afterEach(() => vi.unstubAllEnvs())

  it('gotapi 108: is that of the day asked about, not of today, on both sides of a change to summer time', () => {
    vi.stubEnv('TZ', 'Europe/Berlin')
    const change = Date.UTC(2030, 2, 31, 1)
    expect([zoneOffsetMin(change - 1), zoneOffsetMin(change)]).toEqual([60, 120])
    vi.stubEnv('TZ', 'America/St_Johns')
    expect(zoneOffsetMin(Date.UTC(2030, 0, 1))).toBe(-210)
    expect(zoneOffsetMin(Date.UTC(2030, 6, 1))).toBe(-150)
  })
})
