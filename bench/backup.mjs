import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { DatabaseSync } from '@photostructure/sqlite'

export const about =
  'A write to a database of 100 MB while its daily backup is taken, beside one with nothing going on.'

const READINGS = 2_500_000
const QUIET_MS = 1_000

/** @type {import('../scripts/benching/bench.mjs').Bench['run']} */
export async function run({ root, runs, signal }) {
  const home = mkdtempSync(join(tmpdir(), 'gantry-bench-'))
  const file = join(home, 'gantry.sqlite')
  const program = join(root, 'out', 'main', 'store-backup.js')
  const database = fill(file)
  try {
    const [quiet, beside] = [createSamples(), createSamples()]
    /** @type {number[]} */
    const took = []
    for (let turn = 0; turn < runs; turn += 1) {
      signal.throwIfAborted()
      const untilMs = performance.now() + QUIET_MS
      add(quiet, await write(database, () => performance.now() < untilMs))
      const beganMs = performance.now()
      const child = spawn(process.execPath, [program, file, join(home, 'backups'), '1', String(Date.now())], {
        stdio: ['ignore', 'inherit', 'inherit'],
      })
      let isRunning = true
      const ended = once(child, 'exit').then(([code]) => {
        isRunning = false
        if (code !== 0) throw new Error('the backup failed')
      })
      add(beside, await write(database, () => isRunning))
      await ended
      took.push(performance.now() - beganMs)
    }
    const kinds = /** @type {const} */ (['p50', 'p99', 'longest'])
    return [
      ...kinds.map(kind => ({ name: `nothing going on: ${kind}`, unit: 'ms', samples: quiet[kind] })),
      ...kinds.map(kind => ({
        name: `beside the backup: ${kind}`,
        unit: 'ms',
        samples: beside[kind],
        comparedTo: `nothing going on: ${kind}`,
      })),
      { name: 'the backup', unit: 'ms', samples: took },
    ]
  } finally {
    database.close()
    rmSync(home, { recursive: true, force: true })
  }
}

/**
 * Set as Gantry sets its own.
 *
 * @param {string} file
 */
function fill(file) {
  const database = new DatabaseSync(file, { timeout: 5_000 })
  database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
    CREATE TABLE reading (printer TEXT NOT NULL, at INTEGER NOT NULL, actual_c REAL, target_c REAL,
      PRIMARY KEY (printer, at)) STRICT, WITHOUT ROWID;
    INSERT INTO reading WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT ${READINGS})
      SELECT 'the printer', 1700000000000 + i * 1000, i * 0.37, 200.0 FROM n;
    PRAGMA user_version = 1; PRAGMA wal_checkpoint(TRUNCATE)`)
  return database
}

/** @typedef {{ p50: number[], p99: number[], longest: number[] }} Samples */

/** @returns {Samples} */
const createSamples = () => ({ p50: [], p99: [], longest: [] })

/**
 * @param {Samples} samples
 * @param {number[]} tookMs
 */
function add(samples, tookMs) {
  const sorted = tookMs.toSorted((a, b) => a - b)
  const at = (/** @type {number} */ part) => sorted[Math.floor((sorted.length - 1) * part)] ?? Number.NaN
  samples.p50.push(at(0.5))
  samples.p99.push(at(0.99))
  samples.longest.push(at(1))
}

/**
 * @param {import('@photostructure/sqlite').DatabaseSyncInstance} database
 * @param {() => boolean} goesOn
 */
async function write(database, goesOn) {
  const insert = database.prepare('INSERT OR REPLACE INTO reading VALUES (?, ?, ?, ?)')
  /** @type {number[]} */
  const tookMs = []
  while (goesOn()) {
    const beganMs = performance.now()
    insert.run('another', tookMs.length, 1, 2)
    tookMs.push(performance.now() - beganMs)
    await nextTurn()
  }
  return tookMs
}
