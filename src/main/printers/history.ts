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
/** Every printer has its turn within the hour, a few at a time: nobody waits for a room to be tidied. */
const tidyPeriodMs = 60_000
const tidyRoundMs = 3_600_000
/** After a day one reading in five minutes is left, after 30 days none. */
const fineMs = 24 * 3_600_000
const keptMs = 30 * 24 * 3_600_000
const coarseMs = 5 * 60_000
/** A printer that cannot make up its mind fills no disk. */
const mostStates = 10_000

type Point = [at: number, actualC: number | null, targetC: number | null]

export interface Series {
  readonly id: string
  readonly points: Point[]
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
  at: z.number(),
  actual_c: z.number().nullable(),
  target_c: z.number().nullable(),
})
const heaterRow = z.object({ heater: z.string().nullable() })
const printerRow = z.object({ id: z.string() })
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
  /** From one to the next by the key: to ask for all of them at once would read every row. */
  const heatersOf = (printerId: string): string[] => {
    const found: string[] = []
    for (let last = ''; ; ) {
      const sql = 'SELECT min(heater) AS heater FROM reading WHERE printer_id = ? AND heater > ?'
      const next = store.get(sql, [printerId, last], heaterRow)?.heater
      if (next === undefined || next === null) return found
      found.push(next)
      last = next
    }
  }
  const tidyOne = (printerId: string, isFirst: boolean) => {
    const now = clock.now()
    for (const heater of heatersOf(printerId)) {
      const key = [printerId, heater]
      store.run('DELETE FROM reading WHERE printer_id = ? AND heater = ? AND at < ?', [...key, now - keptMs])
      // What has left the fine span since the round before; in the first one what did so while Gantry was off.
      const from = isFirst ? 0 : now - fineMs - 3 * tidyRoundMs
      store.run(
        `DELETE FROM reading WHERE printer_id = ? AND heater = ? AND at BETWEEN ? AND ? AND EXISTS (
  SELECT 1 FROM reading AS kept WHERE kept.printer_id = reading.printer_id AND kept.heater = reading.heater
  AND kept.at >= reading.at / ${coarseMs} * ${coarseMs} AND kept.at < reading.at)`,
        [...key, from - (from % coarseMs), now - fineMs],
      )
    }
    store.run('DELETE FROM state_change WHERE printer_id = ? AND at < ?', [printerId, now - keptMs])
    store.run(
      `DELETE FROM state_change WHERE printer_id = ? AND at <= (
  SELECT at FROM state_change WHERE printer_id = ? ORDER BY at DESC LIMIT 1 OFFSET ?)`,
      [printerId, printerId, mostStates],
    )
  }
  let round: string[] = []
  let rounds = 0
  const tidySome = () => {
    const all = store.all('SELECT id FROM printer', [], printerRow)
    if (round.length === 0) {
      round = all.map(({ id }) => id)
      rounds += 1
    }
    const now = round.splice(0, Math.max(1, Math.ceil((all.length * tidyPeriodMs) / tidyRoundMs)))
    store.transaction(() => {
      for (const printerId of now) tidyOne(printerId, rounds === 1)
    })
  }

  return {
    start() {
      const timers = [
        clock.every(flushPeriodMs, 'printers.history flush', flush),
        clock.every(tidyPeriodMs, 'printers.history tidy', tidySome),
      ]
      stopTimers = () => {
        for (const stop of timers) stop()
      }
      tidySome()
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
      const before = labels.get(printerId)
      // One that is away is tried every half minute, which is no news.
      if (before === label || (before === 'offline' && label === 'connecting')) return
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
      return heatersOf(printerId).flatMap(id => {
        const rows = store.all(
          `SELECT max(at) AS at, avg(actual_c) AS actual_c, max(target_c) AS target_c FROM reading
WHERE printer_id = ? AND heater = ? AND at BETWEEN ? AND ? GROUP BY at / ? ORDER BY at`,
          [printerId, id, from, to, bucketMs],
          readingRow,
        )
        if (rows.length === 0) return []
        return [{ id, points: rows.map((row): Point => [row.at, row.actual_c, row.target_c]) }]
      })
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
