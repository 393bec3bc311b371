import type { Stamp } from '../../contract/printer.ts'

/**
 * ER 6.2, HD-HLF-03 to HD-HLF-07: when was it measured, in Gantry's time. A printer's stamp is moved by how far
 * the printer's clock is off, unless the printer is known to keep better time than this machine.
 */
export interface DeviceTime {
  /** What the printer stamped the value with, Unix ms; absent when it has no clock. */
  readonly deviceAt?: number
  /** Device clock minus ours, as last read. Without it a stamp cannot be corrected and is not believed. */
  readonly offsetMs?: number
  /** Known to be better synchronised to UTC than this machine: its stamps are taken as they are. */
  readonly superior?: boolean
}

export function stampOf(receivedAt: number, device: DeviceTime = {}): Stamp {
  const { deviceAt, offsetMs, superior = false } = device
  if (deviceAt === undefined || !Number.isFinite(deviceAt)) return { at: receivedAt, byPlugin: true }
  if (superior) return { at: Math.round(deviceAt), byPlugin: false }
  if (offsetMs === undefined || !Number.isFinite(offsetMs)) return { at: receivedAt, byPlugin: true }
  return { at: Math.round(deviceAt - offsetMs), byPlugin: false }
}

/**
 * HD-HLF-06: `yyyy-mm-ddThh:mm:ss+hhmm`, the offset without a colon; `-0000` when the local offset is not known.
 * `offsetMin` is minutes east of UTC.
 */
export function stampText(at: number, offsetMin: number | undefined): string {
  const known = offsetMin !== undefined && Number.isFinite(offsetMin)
  const local = new Date(at + (known ? offsetMin * 60_000 : 0))
  if (Number.isNaN(local.getTime())) return ''
  const zone = known
    ? `${offsetMin < 0 ? '-' : '+'}${twoDigits(offsetMin / 60)}${twoDigits(offsetMin % 60)}`
    : '-0000'
  return `${local.toISOString().slice(0, 19)}${zone}`
}

function twoDigits(signed: number): string {
  return String(Math.trunc(Math.abs(signed))).padStart(2, '0')
}

/** Answers are late by less than this; a greater step is a clock that was set, the printer's or ours. */
const clockSetMs = 2_000

/**
 * HD-HLF-07: the difference as it was read now. What a clock that was just set stamped may be of before or after:
 * until it is read again its stamps cannot be corrected.
 */
export function readAnew(before: DeviceTime, offsetMs: number): DeviceTime {
  const wasSet = before.offsetMs !== undefined && Math.abs(offsetMs - before.offsetMs) > clockSetMs
  return wasSet ? {} : { offsetMs }
}

/** An answer this much older than the last one is from the past, unless the printer's clock was set back. */
const pastMs = 2_000
/** So many in a row are a clock that was set back. */
const allowedInRow = 2

/** Tells the answers that are older than what is known already by the times the printer itself gives them. */
export function createPastGuard(): { isPast(deviceAt: number): boolean } {
  let latestAt = Number.NEGATIVE_INFINITY
  let inRow = 0
  return {
    isPast(deviceAt) {
      if (deviceAt < latestAt - pastMs && inRow < allowedInRow) {
        inRow++
        return true
      }
      inRow = 0
      latestAt = deviceAt
      return false
    },
  }
}
