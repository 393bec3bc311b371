import {
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { z } from 'zod'
import { openStore } from '../../../src/main/store/index.ts'
import type { Migration } from '../../../src/main/store/migrate.ts'
import { createFakeClock } from '../../fakes/clock.ts'
import { createLogRecorder } from '../../fakes/log.ts'
import { firstSteps } from '../../fakes/migrations.ts'
import { makeTempDir } from '../../fakes/temp-dir.ts'
import { buildProgram, runProgram } from '../../fakes/typescript-child.ts'

const hourMs = 60 * 60 * 1_000
const names = z.object({ name: z.string() })
const third: Migration = {
  version: 3,
  name: 'colour',
  up: sql => sql('ALTER TABLE item ADD COLUMN colour TEXT'),
}

function setUp() {
  const dir = makeTempDir()
  const file = join(dir, 'gantry.sqlite')
  const clock = createFakeClock()
  const { log, lines } = createLogRecorder()
  const open = async (migrations: readonly Migration[] = firstSteps) => {
    const opened = await openStore({ file, clock, log, migrations })
    onTestFinished(() => opened.close())
    const add = (name: string) => opened.store.run('INSERT INTO item (name) VALUES (?)', [name])
    const items = () =>
      opened.store.all('SELECT name FROM item ORDER BY id', [], names).map(({ name }) => name)
    return { ...opened, add, items }
  }
  const backups = () => readdirSync(join(dir, 'backups')).sort()
  return { dir, file, clock, lines, open, backups }
}

/** Overwrites the middle of a closed database the way a failing disk does. */
function damage(file: string): void {
  const bytes = readFileSync(file)
  bytes.fill(0xa5, 100, Math.min(bytes.byteLength, 9_000))
  writeFileSync(file, bytes)
}

describe('opening the store', () => {
  it('migrates from nothing and finds its rows again', async () => {
    const { open } = setUp()
    const first = await open()
    expect(first.store.schemaVersion).toBe(2)
    first.add('hotend')
    first.close()
    const second = await open()
    expect(second.items()).toEqual(['hotend'])
    expect(second.recovery).toBeUndefined()
  })

  it('backs up before it migrates, and keeps the last three of those', async () => {
    const { open, backups, clock } = setUp()
    ;(await open()).close()
    const steps = [...firstSteps]
    for (let version = 3; version <= 7; version++) {
      steps.push({ version, name: `step ${version}`, up: sql => sql(`CREATE TABLE t${version} (x INTEGER)`) })
      await clock.advance(1_000)
      ;(await open(steps)).close()
    }
    expect(backups().filter(name => name.endsWith('-migration.sqlite'))).toHaveLength(3)
    expect(backups().filter(name => name.endsWith('.draft'))).toEqual([])
  })

  it('leaves everything as it was when a step fails, and names the step', async () => {
    const { open } = setUp()
    const before = await open()
    before.add('belt')
    before.close()
    const broken: Migration = {
      version: 3,
      name: 'broken',
      up(sql) {
        sql('DELETE FROM item')
        sql('ALTER TABLE nowhere ADD COLUMN x TEXT')
      },
    }
    await expect(open([...firstSteps, broken])).rejects.toMatchObject({
      code: 'store.migration',
      details: { version: 3, name: 'broken' },
    })
    const after = await open()
    expect(after.items()).toEqual(['belt'])
    expect(after.store.schemaVersion).toBe(2)
  })

  it('refuses a database from a newer Gantry and touches nothing', async () => {
    const { open, file, dir } = setUp()
    const newer = await open([...firstSteps, third])
    newer.add('nozzle')
    newer.close()
    const bytes = readFileSync(file)
    const listing = readdirSync(dir).sort()
    await expect(open()).rejects.toMatchObject({
      code: 'store.future',
      message: expect.stringContaining('newer Gantry (schema 3, this one knows 2)'),
    })
    expect(readFileSync(file).equals(bytes)).toBe(true)
    expect(readdirSync(dir).sort()).toEqual(listing)
  })

  it('puts a damaged database aside, restores the last good backup and tells what was lost', async () => {
    const { open, file, clock } = setUp()
    const first = await open()
    first.add('kept')
    await clock.advance(25 * hourMs)
    const backupAt = clock.now() - (clock.now() % 1)
    first.add('lost')
    first.close()
    damage(file)
    await clock.advance(60_000)
    const second = await open()
    expect(second.items()).toEqual(['kept'])
    expect(second.recovery?.asideFile).toBe(`${file}.damaged-${clock.now()}`)
    expect(second.recovery?.backupAt).toBeLessThanOrEqual(backupAt)
    expect(statSync(second.recovery?.asideFile ?? '').size).toBeGreaterThan(0)
    second.add('goes on')
  })

  it('passes over a backup that is damaged itself', async () => {
    const { open, file, dir, clock, backups } = setUp()
    const first = await open()
    first.add('old')
    first.close()
    await clock.advance(1_000)
    const newer = join(dir, 'backups', `gantry-${clock.now()}-migration.sqlite`)
    copyFileSync(join(dir, 'backups', backups()[0] ?? ''), newer)
    damage(newer)
    damage(file)
    const second = await open()
    expect(second.items()).toEqual(['old'])
  })

  it('begins anew when no good backup is left, and says so', async () => {
    const { open, file, lines } = setUp()
    writeFileSync(file, 'this was never a database, whatever its name says. '.repeat(100))
    const { items, recovery } = await open()
    expect(items()).toEqual([])
    expect(recovery).toMatchObject({ backupAt: undefined })
    expect(readFileSync(recovery?.asideFile ?? '', 'utf8')).toContain('never a database')
    expect(lines.map(({ sentence }) => sentence)).toContain('damaged database put aside')
  })

  it('ends a restore that was cut short between putting aside and putting back', async () => {
    const { open, file, dir, backups } = setUp()
    const first = await open()
    first.add('kept')
    first.close()
    copyFileSync(join(dir, 'backups', backups()[0] ?? ''), `${file}.restoring`)
    damage(file)
    renameSync(file, `${file}.damaged-1`)
    const second = await open()
    expect(second.items()).toEqual(['kept'])
    expect(second.recovery).toBeDefined()
  })

  it('takes one backup a day while it runs and keeps the newest', async () => {
    const { open, clock, backups } = setUp()
    const { add } = await open()
    await clock.advance(hourMs)
    const [first] = backups()
    add('later')
    await clock.advance(20 * hourMs)
    expect(backups()).toEqual([first])
    await clock.advance(5 * hourMs)
    expect(backups()).toHaveLength(1)
    expect(backups()).not.toEqual([first])
  })

  it('closes the file itself, so that nothing of it is left beside the database', async () => {
    const { open, dir } = setUp()
    const { add, items, close } = await open()
    add('bed')
    items()
    close()
    expect(readdirSync(dir).sort()).toEqual(['backups', 'gantry.sqlite'])
  })

  it('keeps database and backups from every other person of the machine', async () => {
    const { open, file, dir, backups } = setUp()
    const { add, close } = await open()
    add('bed')
    expect([file, `${file}-wal`].map(part => statSync(part).mode & 0o777)).toEqual([0o600, 0o600])
    close()
    expect(statSync(join(dir, 'backups', backups()[0] ?? '')).mode & 0o777).toBe(0o600)
  })

  it('closes in peace while another program looks at the database', async () => {
    const { open, lines } = setUp()
    const ours = await open()
    const theirs = await open()
    theirs.items()
    ours.close()
    expect(lines.at(-1)).toMatchObject({ level: 'warn', sentence: expect.stringContaining('somebody else') })
  })

  it('leaves no timer behind when it closes', async () => {
    const { open, clock } = setUp()
    const { close } = await open()
    close()
    expect(clock.waiting()).toEqual([])
  })

  it('says so when the database cannot be opened at all', async () => {
    const { open, file } = setUp()
    mkdirSync(file)
    await expect(open()).rejects.toMatchObject({ code: 'data.unwritable' })
  })
})

describe('a Gantry killed during a migration', async () => {
  const program = await buildProgram('test/fakes/programs/slow-migration.ts')

  it('finds the database as it was before that step, and can take the step then', async () => {
    const { open, file, backups } = setUp()
    const before = await open()
    before.add('filament')
    before.close()

    const { child, nextLine, exit } = runProgram(program, [file])
    expect(await nextLine()).toBe('in the middle')
    child.kill('SIGKILL')
    await exit()

    const after = await open([...firstSteps, third])
    expect(after.recovery).toBeUndefined()
    expect(after.items()).toEqual(['filament'])
    expect(after.store.schemaVersion).toBe(3)
    expect(after.store.run('DELETE FROM shelf')).toBe(0)
    expect(backups().some(name => name.endsWith('-migration.sqlite'))).toBe(true)
  })
})
