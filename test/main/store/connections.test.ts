import { readdirSync, readlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { nodeDisk } from '../../../src/main/store/disk.ts'
import { openStore } from '../../../src/main/store/open-store.ts'
import { loadSqlite, type Sqlite } from '../../../src/main/store/sqlite.ts'
import { createFakeClock } from '../../fakes/clock.ts'
import { damage } from '../../fakes/damage.ts'
import { createLogRecorder } from '../../fakes/log.ts'
import { firstSteps } from '../../fakes/migrations.ts'
import { makeTempDir } from '../../fakes/temp-dir.ts'

interface Connection {
  readonly name: string
  readonly synchronous: unknown
  readonly foreignKeys: unknown
  readonly secureDelete: unknown
  readonly busyTimeoutMs: unknown
  /** As it was when it was asked for the last time. */
  readonly journal: unknown
}

/** SQLite, and how each connection was set when it had done its work, before it was closed. */
function watched(into: Connection[]) {
  return async (): Promise<Sqlite> => {
    const sqlite = await loadSqlite()
    return {
      open(file, busyTimeoutMs) {
        const database = sqlite.open(file, busyTimeoutMs)
        const look = () =>
          into.push({
            name: file.replace(/^.*\//, '').replaceAll(/\d{10,}/g, 'N'),
            synchronous: database.ask('synchronous'),
            foreignKeys: database.ask('foreign_keys'),
            secureDelete: database.ask('secure_delete'),
            busyTimeoutMs: database.ask('busy_timeout'),
            journal: database.ask('journal_mode'),
          })
        const exec = (sql: string) => {
          // From here on it only closes.
          if (sql.includes('journal_mode = DELETE')) look()
          database.exec(sql)
        }
        const close = () => {
          look()
          database.close()
        }
        return { ...database, exec, close }
      },
    }
  }
}

const third = {
  version: 3,
  name: 'third',
  up: (sql: (text: string) => void) => sql('CREATE TABLE third (x INTEGER)'),
}
const set = { synchronous: 2, foreignKeys: 1, secureDelete: 1, busyTimeoutMs: 5_000 }

/** `FULL` is 2. The package is built to write less through in WAL, so it must be asked for. */
describe('every connection writes through, keeps foreign keys, overwrites what is deleted and waits for others', () => {
  it('of a store from its start to its end: looking, working, copying, the copy, the one restored', async () => {
    const home = makeTempDir()
    const file = join(home, 'gantry.sqlite')
    const clock = createFakeClock()
    const connections: Connection[] = []
    const open = async (migrations = firstSteps) => {
      const { log } = createLogRecorder()
      const ground = { loadSqlite: watched(connections), disk: nodeDisk }
      const opened = await openStore({ file, clock, log, migrations }, ground)
      onTestFinished(opened.close)
      return opened
    }
    const names = () =>
      connections.splice(0).map(({ name, journal, ...rest }) => {
        const isClosing = rest.busyTimeoutMs === 0
        expect(rest).toEqual(isClosing ? { ...set, busyTimeoutMs: 0 } : set)
        return `${name} ${journal}`
      })

    const first = await open()
    await clock.advance(60_000)
    await first.close()
    expect(names()).toEqual([
      'gantry.sqlite wal',
      'gantry-000001-N-daily.sqlite.draft delete',
      'gantry.sqlite wal',
      'gantry.sqlite delete',
    ])

    const second = await open([...firstSteps, third])
    await second.close()
    expect(names()).toEqual([
      'gantry.sqlite delete',
      'gantry.sqlite wal',
      'gantry-000002-N-migration.sqlite.draft delete',
      'gantry.sqlite wal',
      'gantry.sqlite delete',
    ])

    damage(file)
    const restored = await open([...firstSteps, third])
    await restored.close()
    expect(names()).toEqual([
      'gantry-000002-N-migration.sqlite delete',
      'gantry.sqlite wal',
      'gantry-000003-N-migration.sqlite.draft delete',
      'gantry.sqlite wal',
      'gantry.sqlite delete',
    ])
  })

  it('in the words of SQLite’s own statements too, as these are what the others rest on', async () => {
    const database = (await loadSqlite()).open(join(makeTempDir(), 'a.sqlite'))
    onTestFinished(() => database.close())
    database.exec('PRAGMA journal_mode = WAL')
    const pragma = (name: string) => Object.values(database.prepare(`PRAGMA ${name}`).get() as object)[0]
    for (const [name, value] of [
      ['synchronous', 2],
      ['foreign_keys', 1],
      ['secure_delete', 1],
      ['busy_timeout', 5_000],
      ['journal_mode', 'wal'],
    ] as const) {
      expect([name, pragma(name)]).toEqual([name, value])
      expect([name, database.ask(name)]).toEqual([name, value])
    }
  })

  it('of a lock, which waits for nobody', async () => {
    const database = (await loadSqlite()).open(join(makeTempDir(), 'lock.sqlite'), 0)
    onTestFinished(() => database.close())
    expect(database.ask('busy_timeout')).toBe(0)
    expect(database.ask('synchronous')).toBe(2)
  })

  it.runIf(process.platform === 'linux')('and none is left open on a file that is no database', async () => {
    const file = join(makeTempDir(), 'rubbish.sqlite')
    writeFileSync(file, 'this was never a database, whatever its name says. '.repeat(100))
    const sqlite = await loadSqlite()
    expect(() => sqlite.open(file)).toThrow('not a database')
    const open = readdirSync('/proc/self/fd').flatMap(handle => linkOf(`/proc/self/fd/${handle}`))
    expect(open).not.toContain(file)
    expect(open.length).toBeGreaterThan(0)
  })
})

/** Nothing for one that was closed since it was listed. */
function linkOf(handle: string): string[] {
  try {
    return [readlinkSync(handle)]
  } catch {
    return []
  }
}
