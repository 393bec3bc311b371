import { getEventListeners } from 'node:events'
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { z } from 'zod'
import { forkNodeProcess } from '../../../src/main/engine/node-child-process.ts'
import type { ChildProcess } from '../../../src/main/lib/child-process.ts'
import { readWords, takeBeside } from '../../../src/main/store/backup-beside.ts'
import { openStore } from '../../../src/main/store/index.ts'
import { loadSqlite } from '../../../src/main/store/sqlite.ts'
import { createFakeClock } from '../../fakes/clock.ts'
import { createLogRecorder } from '../../fakes/log.ts'
import { firstSteps } from '../../fakes/migrations.ts'
import { makeTempDir } from '../../fakes/temp-dir.ts'
import { buildProgram } from '../../fakes/typescript-child.ts'

const minuteMs = 60_000
const count = z.object({ n: z.number() })
const program = await buildProgram('src/main/store/store-backup.ts')
const pausedProgram = await buildProgram('test/fakes/programs/paused-backup.ts')

/** An open store, the programs it started, and the end of the first. */
async function setUp({ home = makeTempDir(), rows = 0, start = program } = {}) {
  const clock = createFakeClock()
  const { log, lines } = createLogRecorder()
  const file = join(home, 'gantry.sqlite')
  const dir = join(home, 'backups')
  const children: ChildProcess[] = []
  const spoken: Promise<void>[] = []
  const opened = await openStore({
    file,
    clock,
    log,
    migrations: firstSteps,
    startBackup(words) {
      const child = forkNodeProcess(start, { args: words, name: 'backup' })
      children.push(child)
      spoken.push(new Promise(resolve => child.onOutput(() => resolve())))
      return child
    },
  })
  onTestFinished(opened.close)
  if (rows > 0) {
    opened.store.run(
      `INSERT INTO item (name) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT ?)
       SELECT 'item ' || i || hex(zeroblob(200)) FROM n`,
      [rows],
    )
  }
  /** Lets the first look come, and waits for the log to say how it went. */
  const begin = () => clock.advance(minuteMs)
  const signal = (name: NodeJS.Signals) => process.kill(pidOf(children[0]), name)
  const inTheMiddle = async () => await spoken[0]
  const ended = async () => {
    const [child] = children
    if (!child) throw new Error('nothing was started')
    await new Promise(resolve => child.onExit(resolve))
    await clock.advance(0)
  }
  const backups = () => (existsSync(dir) ? readdirSync(dir) : [])
  return { ...opened, clock, file, dir, lines, children, begin, signal, inTheMiddle, ended, backups }
}

/** Process 0 would be all of the test run. */
function pidOf(child: ChildProcess | undefined): number {
  if (child?.pid === undefined) throw new Error('nothing was started')
  return child.pid
}

async function ask(file: string, sql: string) {
  const database = (await loadSqlite()).open(file)
  try {
    return Object.values(database.prepare(sql).get() as object)[0]
  } finally {
    database.close()
  }
}

describe('the daily backup in a process of its own', () => {
  it('is a whole one, and the log says so', async () => {
    const { store, begin, ended, backups, dir, lines, clock } = await setUp()
    store.run(`INSERT INTO item (name) VALUES ('bed')`)
    await begin()
    await ended()
    expect(backups()).toEqual([`gantry-000001-${clock.now()}-daily.sqlite`])
    expect(await ask(join(dir, backups()[0] ?? ''), 'SELECT name FROM item')).toBe('bed')
    expect(lines.at(-1)).toMatchObject({ level: 'debug', sentence: 'database backed up' })
  })

  it('lets rows be written and timers run all the time it takes', async () => {
    const { store, begin, children, ended, backups, dir } = await setUp({ rows: 20_000 })
    await begin()
    let isOver = false
    children[0]?.onExit(() => {
      isOver = true
    })
    let written = 0
    while (!isOver) {
      store.run('INSERT INTO item (name) VALUES (?)', [`meanwhile ${written++}`])
      await new Promise(resolve => setImmediate(resolve))
    }
    await ended()
    expect(written).toBeGreaterThan(0)
    expect(store.get('SELECT count(*) AS n FROM item', [], count)).toEqual({ n: 20_000 + written })
    const copied = Number(await ask(join(dir, backups()[0] ?? ''), 'SELECT count(*) FROM item'))
    expect(copied).toBeGreaterThanOrEqual(20_000)
    expect(copied).toBeLessThanOrEqual(20_000 + written)
  })

  it('holds up no write while it stands still in the middle, and has what was there when it began', async () => {
    const { store, begin, signal, inTheMiddle, ended, backups, dir } = await setUp({
      rows: 50,
      start: pausedProgram,
    })
    await begin()
    await inTheMiddle()
    for (let turn = 0; turn < 100; turn++) {
      store.transaction(() => store.run('INSERT INTO item (name) VALUES (?)', [`meanwhile ${turn}`]))
      await new Promise(resolve => setImmediate(resolve))
    }
    expect(store.get('SELECT count(*) AS n FROM item', [], count)).toEqual({ n: 150 })
    signal('SIGCONT')
    await ended()
    expect(await ask(join(dir, backups()[0] ?? ''), 'SELECT count(*) FROM item')).toBe(50)
  })

  it('is cut short by the end of the store, which leaves one file and nothing half done', async () => {
    const { begin, close, children, inTheMiddle, backups, file, lines } = await setUp({
      start: pausedProgram,
    })
    await begin()
    await inTheMiddle()
    expect(backups()).toEqual([expect.stringMatching(/\.draft$/)])
    await close()
    expect(children).toHaveLength(1)
    expect(backups()).toEqual([])
    expect(existsSync(`${file}-wal`)).toBe(false)
    expect(lines.filter(({ level }) => level === 'warn')).toEqual([])
  })

  it('that was killed leaves older ones, a word in the log, and nothing else', async () => {
    const { begin, signal, inTheMiddle, ended, backups, dir, lines } = await setUp({ start: pausedProgram })
    mkdirSync(dir)
    const older = 'gantry-000001-0000000000001-daily.sqlite'
    writeFileSync(join(dir, older), 'a good one')
    await begin()
    await inTheMiddle()
    signal('SIGKILL')
    await ended()
    expect(backups()).toEqual([older])
    expect(lines.at(-1)).toMatchObject({
      level: 'warn',
      sentence: 'database could not be backed up',
      fields: { cause: { message: 'in the middle' } },
    })
  })

  it('that was killed together with Gantry is swept up by the next start', async () => {
    const home = makeTempDir()
    mkdirSync(join(home, 'backups'))
    writeFileSync(join(home, 'backups', 'gantry-000001-0000000000001-daily.sqlite.draft'), 'half of')
    const { backups } = await setUp({ home })
    expect(backups()).toEqual([])
  })

  it('says why it could not: a file in the place of the folder', async () => {
    const { begin, ended, dir, lines } = await setUp()
    writeFileSync(dir, 'in the way')
    await begin()
    // Nobody can tell which backups there are, so none is tried.
    expect(lines.at(-1)).toMatchObject({ fields: { cause: { code: 'ENOTDIR' } } })
    await expect(ended()).rejects.toThrow('nothing was started')
  })

  it('says why it could not, in the words of its program', async () => {
    const home = makeTempDir()
    const { file } = await setUp({ home })
    writeFileSync(join(home, 'taken'), '')
    const words = { file, dir: join(home, 'taken'), version: 2, takenAt: 1 }
    const start = (args: readonly string[]) => forkNodeProcess(program, { args, name: 'backup' })
    await expect(takeBeside(start, words, new AbortController().signal)).rejects.toThrow(
      `${words.dir} cannot be read or written. Check the folder and the disk.`,
    )
    await expect(
      takeBeside(start, { ...words, dir: join(home, 'b'), version: 3 }, new AbortController().signal),
    ).rejects.toThrow('schema 2 instead of 3')
  })
})

describe('whoever waits for it', () => {
  /** A program of the test's own. */
  const run = (source: string) => (words: readonly string[]) => {
    const home = makeTempDir()
    const module = join(home, 'program.mjs')
    writeFileSync(module, source)
    return forkNodeProcess(module, { args: words, name: 'backup' })
  }
  const words = { file: '/a b/gantry.sqlite', dir: '/a b/backups', version: 12, takenAt: 1_893_456_000_000 }
  const { signal } = new AbortController()

  it('hands over the words in an order the program reads them in', async () => {
    expect(readWords(['/a', '/b', '12', '13'])).toEqual({ file: '/a', dir: '/b', version: 12, takenAt: 13 })
    const echo = run(`process.stdout.write(JSON.stringify(process.argv.slice(2)), () => process.exit(1))`)
    const told = await takeBeside(echo, words, signal).catch(thrown => thrown.message)
    expect(readWords(JSON.parse(told))).toEqual(words)
  })

  it('hears the end of what was said, and without a word how it ended', async () => {
    const wordy = run(`process.stderr.write('x'.repeat(5000) + ' the end\\n', () => process.exit(1))`)
    const { message } = await takeBeside(wordy, words, signal).catch(thrown => thrown)
    expect(message).toMatch(/^x+ the end$/)
    expect(message.length).toBeLessThan(2_000)
    await expect(takeBeside(run('process.exit(7)'), words, signal)).rejects.toThrow('It ended with 7.')
    const killed = run(`process.kill(process.pid, 'SIGKILL')`)
    await expect(takeBeside(killed, words, signal)).rejects.toThrow('It ended with SIGKILL.')
    expect(getEventListeners(signal, 'abort')).toEqual([])
    await expect(takeBeside(run('process.exit(0)'), words, signal)).resolves.toBeUndefined()
  })

  it('hears the reason of who cut it short, once the program is gone', async () => {
    const ending = new AbortController()
    let child: ChildProcess | undefined
    const start = (args: readonly string[]) => {
      child = run(`process.stdout.write('here'); setInterval(() => {}, 1000)`)(args)
      return child
    }
    const outcome = takeBeside(start, words, ending.signal)
    await new Promise<void>(resolve => child?.onOutput(() => resolve()))
    const reason = new Error('enough')
    ending.abort(reason)
    await expect(outcome).rejects.toBe(reason)
    expect(() => process.kill(pidOf(child), 0)).toThrow('ESRCH')
  })

  it('hears of a program that cannot be started', async () => {
    const failing = () => {
      throw new Error('no such program')
    }
    await expect(takeBeside(failing, words, signal)).rejects.toThrow('no such program')
  })
})
