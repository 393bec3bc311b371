import { z } from 'zod'
import type { Heater, Snapshot } from '../contract/printer.ts'
import type { Clock } from '../lib/clock.ts'
import type { Dispose } from '../lib/dispose.ts'
import type { Store } from '../store/index.ts'

/** A heater is written at most this often, and while nothing moves at most this seldom. */
const samplePeriodMs = 10_000
const quietPeriodMs = 60_000
const movedByC = 0.5
const flushPeriodMs = 10_000
/** A room that wakes up changes its states a hundred at a time; each write of its own would wait for the disk. */
const stateFlushMs = 250
const tidyPeriodMs = 3_600_000
/** After a day one reading a minute is left, after 30 days none. */
const fineMs = 24 * 3_600_000
const keptMs = 30 * 24 * 3_600_000
const coarseMs = 60_000

export interface Series {
  readonly id: string
  readonly points: [at: number, actualC: number | null, targetC: number | null][]
}

export interface StateChange {
  readonly at: number
  readonly label: string
  readonly text: string
}

/** Temperatures and states of the past, kept within limits. */
export interface PrinterHistory {
  start(): void
  stop(): void
  note(printerId: string, snapshot: Snapshot): void
  forget(printerId: string): void
  temperatures(printerId: string, from: number, to: number, points: number): Series[]
  states(printerId: string, from: number, to: number): StateChange[]
}

const readingRow = z.object({
  heater: z.string(),
  at: z.number(),
  actual_c: z.number().nullable(),
  target_c: z.number().nullable(),
})
const stateRow = z.object({ at: z.number(), label: z.string(), text: z.string() })

export function createPrinterHistory(store: Store, clock: Clock): PrinterHistory {
  const last = new Map<string, Heater>()
  const labels = new Map<string, string>()
  let pending: (readonly [string, Heater])[] = []
  let pendingStates: (readonly [string, StateChange])[] = []
  let cancelStateFlush: Dispose | undefined
  let stopTimers = () => {}

  const flush = () => {
    const rows = pending
    const states = pendingStates
    pending = []
    pendingStates = []
    cancelStateFlush?.()
    cancelStateFlush = undefined
    if (rows.length + states.length === 0) return
    store.transaction(() => {
      for (const [printerId, { at, label, text }] of states) {
        store.run('INSERT OR REPLACE INTO state_change VALUES (?, ?, ?, ?)', [printerId, at, label, text])
      }
      for (const [printerId, { id, at, actualC, targetC }] of rows) {
        store.run('INSERT OR REPLACE INTO reading VALUES (?, ?, ?, ?, ?)', [
          printerId,
          id,
          at,
          actualC ?? null,
          targetC ?? null,
        ])
      }
    })
  }
  const tidy = () => {
    const now = clock.now()
    store.transaction(() => {
      store.run('DELETE FROM reading WHERE at < ?', [now - keptMs])
      store.run('DELETE FROM state_change WHERE at < ?', [now - keptMs])
      // Only the hour that has just left the fine span: the rest was thinned before.
      store.run(
        `DELETE FROM reading WHERE at BETWEEN ? AND ? AND EXISTS (
  SELECT 1 FROM reading AS kept WHERE kept.printer_id = reading.printer_id AND kept.heater = reading.heater
  AND kept.at / ${coarseMs} = reading.at / ${coarseMs} AND kept.at < reading.at)`,
        [now - fineMs - 2 * tidyPeriodMs, now - fineMs],
      )
    })
  }

  return {
    start() {
      const timers = [
        clock.every(flushPeriodMs, 'printers.history flush', flush),
        clock.every(tidyPeriodMs, 'printers.history tidy', tidy),
      ]
      stopTimers = () => {
        for (const stop of timers) stop()
      }
      tidy()
    },
    stop() {
      stopTimers()
      flush()
    },
    note(printerId, { heaters, label, link, machine }) {
      if (link.state === 'online') {
        for (const heater of heaters) {
          const key = `${printerId} ${heater.id}`
          if (!isWorthNoting(last.get(key), heater)) continue
          last.set(key, heater)
          pending.push([printerId, heater])
        }
      }
      if (labels.get(printerId) === label) return
      labels.set(printerId, label)
      const text = link.state === 'online' ? (machine.text ?? '') : (link.text ?? '')
      pendingStates.push([printerId, { at: clock.now(), label, text: text.slice(0, 500) }])
      cancelStateFlush ??= clock.after(stateFlushMs, 'printers.history states', flush)
    },
    forget(printerId) {
      pending = pending.filter(([id]) => id !== printerId)
      pendingStates = pendingStates.filter(([id]) => id !== printerId)
      labels.delete(printerId)
      for (const key of [...last.keys()]) if (key.startsWith(`${printerId} `)) last.delete(key)
    },
    temperatures(printerId, from, to, points) {
      flush()
      const bucketMs = Math.max(1, Math.ceil((to - from) / points))
      const rows = store.all(
        `SELECT heater, max(at) AS at, avg(actual_c) AS actual_c, max(target_c) AS target_c FROM reading
WHERE printer_id = ? AND at BETWEEN ? AND ? GROUP BY heater, at / ? ORDER BY heater, at`,
        [printerId, from, to, bucketMs],
        readingRow,
      )
      const series = new Map<string, Series>()
      for (const { heater, at, actual_c, target_c } of rows) {
        const one = series.get(heater) ?? { id: heater, points: [] }
        series.set(heater, one)
        one.points.push([at, actual_c, target_c])
      }
      return [...series.values()]
    },
    states(printerId, from, to) {
      flush()
      return store.all(
        'SELECT at, label, text FROM state_change WHERE printer_id = ? AND at BETWEEN ? AND ? ORDER BY at',
        [printerId, from, to],
        stateRow,
      )
    },
  }
}

function isWorthNoting(before: Heater | undefined, now: Heater): boolean {
  if (before === undefined) return true
  const gapMs = now.at - before.at
  if (gapMs < 0) return true
  if (gapMs < samplePeriodMs) return false
  const moved =
    before.targetC !== now.targetC ||
    Math.abs((before.actualC ?? Number.NaN) - (now.actualC ?? Number.NaN)) >= movedByC
  return moved || gapMs >= quietPeriodMs
}
