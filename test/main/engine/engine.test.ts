import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createTestEngine } from '../../fakes/engine.ts'
import { makeTempDir } from '../../fakes/temp-dir.ts'

describe('the engine', () => {
  it('makes its data folder for the owner alone and leaves it without a lock', async () => {
    const dataDir = join(makeTempDir(), 'deep', 'Gantry')
    const engine = createTestEngine(dataDir)
    await engine.start()
    expect(statSync(dataDir).mode & 0o777).toBe(0o700)
    expect(statSync(join(dataDir, 'gantry.lock')).mode & 0o777).toBe(0o600)
    await engine.stop()
    expect(existsSync(join(dataDir, 'gantry.lock'))).toBe(false)
    expect(existsSync(join(dataDir, 'gantry.sqlite'))).toBe(true)
  })

  it('can start again in the same folder after a stop', async () => {
    const dataDir = makeTempDir()
    const first = createTestEngine(dataDir)
    await first.start()
    await first.stop()
    const second = createTestEngine(dataDir)
    await expect(second.start()).resolves.toBeUndefined()
  })

  it('tells the second engine on a folder who holds it, and lets go when the first stops', async () => {
    const dataDir = makeTempDir()
    const first = createTestEngine(dataDir)
    await first.start()
    const second = createTestEngine(dataDir)
    await expect(second.start()).rejects.toMatchObject({
      code: 'data.held',
      message: expect.stringContaining(`process ${process.pid}`),
      details: { pid: process.pid, dir: dataDir },
    })
    await first.stop()
    await expect(createTestEngine(dataDir).start()).resolves.toBeUndefined()
  })

  it('keeps its log in the data folder, with the lines from before the folder was open', async () => {
    const dataDir = makeTempDir()
    const engine = createTestEngine(dataDir)
    await engine.start()
    engine.logger('test').info('a visitor came', { accessToken: 'tok-123' })
    await engine.stop()
    const log = readFileSync(join(dataDir, 'gantry.log'), 'utf8')
    expect(log).toContain('"sentence":"Gantry starts"')
    expect(log).toContain('a visitor came')
    expect(log).not.toContain('tok-123')
  })

  it('leaves nothing running or locked when a room cannot start', async () => {
    const dataDir = makeTempDir()
    mkdirSync(join(dataDir, 'gantry.sqlite'))
    await expect(createTestEngine(dataDir).start()).rejects.toMatchObject({ code: 'data.unwritable' })
    expect(existsSync(join(dataDir, 'gantry.lock'))).toBe(false)
  })

  it('goes on with the last backup when its database is damaged', async () => {
    const dataDir = makeTempDir()
    const first = createTestEngine(dataDir)
    await first.start()
    await first.stop()
    writeFileSync(join(dataDir, 'gantry.sqlite'), 'no database any more'.repeat(500))
    const second = createTestEngine(dataDir)
    await second.start()
    await second.stop()
    expect(readdirSync(dataDir).some(name => name.startsWith('gantry.sqlite.damaged-'))).toBe(true)
    expect(readFileSync(join(dataDir, 'gantry.log'), 'utf8')).toContain('damaged database put aside')
  })

  it('says in one sentence when the data folder is a file', async () => {
    const file = join(makeTempDir(), 'file')
    writeFileSync(file, '')
    await expect(createTestEngine(file).start()).rejects.toMatchObject({
      code: 'data.unwritable',
      message: `Gantry cannot write to its data folder ${file}: it is a file, not a folder. Mend that, or choose another folder with --data-dir.`,
    })
  })
})
