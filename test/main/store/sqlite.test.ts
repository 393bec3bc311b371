import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { loadSqlite, makeOwnersFile } from '../../../src/main/store/sqlite.ts'
import { makeTempDir } from '../../fakes/temp-dir.ts'

async function open() {
  const database = (await loadSqlite()).open(join(makeTempDir(), 'a.sqlite'))
  onTestFinished(() => database.close())
  return database
}

describe('a database', () => {
  it('is asked in one word, and says nothing of an earlier answer', async () => {
    const database = await open()
    database.exec('PRAGMA user_version = 7')
    expect(database.ask('user_version')).toBe(7)
    expect(database.ask('quick_check')).toBe('ok')
    expect(database.ask('foreign_key_check')).toBeNull()
    database.exec(`PRAGMA foreign_keys = OFF;
      CREATE TABLE a (id INTEGER PRIMARY KEY) STRICT;
      CREATE TABLE b (a INTEGER REFERENCES a (id)) STRICT;
      CREATE TABLE c (a INTEGER REFERENCES a (id)) STRICT;
      INSERT INTO b VALUES (1); INSERT INTO c VALUES (1)`)
    expect(database.ask('foreign_key_check')).toMatch(/^[bc] \(to a\)$/)
    database.exec('DELETE FROM b; DELETE FROM c')
    expect(database.ask('foreign_key_check')).toBeNull()
  })

  it('is closed once, whoever closes it again', async () => {
    const database = await open()
    database.close()
    database.close()
    expect(() => database.exec('SELECT 1')).toThrow()
  })
})

describe('SQLite', () => {
  it('comes without the warning that it is experimental, and others are told as before', async () => {
    const { emitWarning } = process
    const warned = vi.fn()
    process.emitWarning = warned
    const asked = vi.spyOn(process, 'getBuiltinModule').mockImplementation((() => {
      process.emitWarning('SQLite is an experimental feature')
    }) as never)
    onTestFinished(() => {
      asked.mockRestore()
      process.emitWarning = emitWarning
    })
    await loadSqlite()
    expect(warned).not.toHaveBeenCalled()
    expect(process.emitWarning).toBe(warned)
  })

  it.each([undefined, null, {}, 'sqlite'])('comes from its package where the runtime says %o', async own => {
    const asked = vi.spyOn(process, 'getBuiltinModule').mockReturnValue(own as never)
    onTestFinished(() => asked.mockRestore())
    expect((await open()).ask('quick_check')).toBe('ok')
    expect(asked).toHaveBeenCalledWith('node:sqlite')
  })

  it('is the runtime’s own where it has one', async () => {
    const opened: string[] = []
    class DatabaseSync {
      constructor(file: string, options: { readonly timeout?: number }) {
        opened.push(`${file} ${options.timeout}`)
      }
      function(): void {}
      exec(): void {}
      close(): void {}
    }
    const asked = vi.spyOn(process, 'getBuiltinModule').mockReturnValue({ DatabaseSync } as never)
    onTestFinished(() => asked.mockRestore())
    const file = join(makeTempDir(), 'a.sqlite')
    const sqlite = await loadSqlite()
    sqlite.open(file)
    sqlite.open(file, 0)
    expect(opened).toEqual([`${file} 5000`, `${file} 0`])
  })
})

describe('an owner’s file', () => {
  it('is made for its owner, and left alone where it is there', () => {
    const file = join(makeTempDir(), 'a')
    makeOwnersFile(file)
    expect(statSync(file).mode & 0o777).toBe(0o600)
    writeFileSync(file, 'something')
    makeOwnersFile(file)
    expect(readFileSync(file, 'utf8')).toBe('something')
  })

  it('cannot be made where there is no folder', () => {
    expect(() => makeOwnersFile(join(makeTempDir(), 'no', 'where'))).toThrow('ENOENT')
  })
})
