import { mkdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { tryLockFile } from '../../../src/main/store/index.ts'
import { loadSqlite } from '../../../src/main/store/sqlite.ts'
import { makeTempDir } from '../../fakes/temp-dir.ts'
import { buildProgram, runProgram } from '../../fakes/typescript-child.ts'

const program = await buildProgram('test/fakes/programs/file-locker.ts')

async function lock(file: string) {
  const held = await tryLockFile(file)
  onTestFinished(() => held?.release())
  return held
}

async function others(file: string): Promise<string> {
  const { nextLine, exit } = runProgram(program, [file])
  const line = await nextLine()
  await exit()
  return line
}

describe('the lock on a file', () => {
  it('is held against other processes, and against us, until it is released', async () => {
    const file = join(makeTempDir(), 'lock.sqlite')
    const held = await lock(file)
    expect(await others(file)).toBe('held')
    expect(await lock(file)).toBeUndefined()
    held?.release()
    expect(await others(file)).toBe('free')
    expect(await lock(file)).toBeDefined()
  })

  it('is not lost when we try for it again ourselves', async () => {
    const file = join(makeTempDir(), 'lock.sqlite')
    await lock(file)
    await lock(file)
    expect(await others(file)).toBe('held')
  })

  it('is not got while somebody is about to take it', async () => {
    const file = join(makeTempDir(), 'lock.sqlite')
    const database = (await loadSqlite()).open(file)
    onTestFinished(() => database.close())
    database.exec('BEGIN IMMEDIATE')
    expect(await lock(file)).toBeUndefined()
    database.exec('COMMIT')
    expect(await lock(file)).toBeDefined()
  })

  it('is its owner’s alone', async () => {
    const file = join(makeTempDir(), 'lock.sqlite')
    await lock(file)
    expect(statSync(file).mode & 0o777).toBe(0o600)
  })

  it('says what is wrong with a file that cannot be locked', async () => {
    const dir = makeTempDir()
    const [folder, rubbish, nowhere] = [join(dir, 'folder'), join(dir, 'rubbish'), join(dir, 'no', 'where')]
    mkdirSync(folder)
    writeFileSync(rubbish, 'this was never a database, whatever its name says. '.repeat(100))
    await expect(tryLockFile(folder)).rejects.toMatchObject({
      code: 'data.unwritable',
      details: { file: folder },
    })
    await expect(tryLockFile(rubbish)).rejects.toMatchObject({ code: 'store.damaged' })
    await expect(tryLockFile(nowhere)).rejects.toMatchObject({ code: 'ENOENT' })
  })
})
