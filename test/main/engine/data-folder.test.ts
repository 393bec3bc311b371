import { mkdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type FolderFiles, prepareDataFolder } from '../../../src/main/engine/data-folder.ts'
import { makeTempDir } from '../../fakes/temp-dir.ts'

const failing = (code: string, at: keyof FolderFiles): FolderFiles => ({
  makeDir: () => fail(at === 'makeDir' ? code : undefined),
  tryWrite: () => fail(at === 'tryWrite' ? code : undefined),
})

function fail(code: string | undefined): void {
  if (code !== undefined) throw Object.assign(new Error(`${code}: as the system says it`), { code })
}

describe('the data folder', () => {
  it.each(['ENOSPC', 'EDQUOT'])('that is full (%s) is said so in one sentence', code => {
    expect(() => prepareDataFolder('/data', failing(code, 'tryWrite'))).toThrow(
      expect.objectContaining({
        code: 'data.full',
        message:
          'The disk with the data folder /data is full, so Gantry cannot start. Make room, or choose another folder with --data-dir.',
      }),
    )
  })

  it.each([
    ['EACCES', 'makeDir', 'this person has no right to'],
    ['EPERM', 'tryWrite', 'this person has no right to'],
    ['EROFS', 'makeDir', 'the disk is read-only'],
    ['EIO', 'tryWrite', 'the disk reports an error'],
    ['EWEIRD', 'tryWrite', 'EWEIRD'],
  ] as const)('that cannot be written (%s at %s) is said so with the reason', (code, at, reason) => {
    expect(() => prepareDataFolder('/data', failing(code, at))).toThrow(
      expect.objectContaining({
        code: 'data.unwritable',
        message: `Gantry cannot write to its data folder /data: ${reason}. Mend that, or choose another folder with --data-dir.`,
      }),
    )
  })

  it('below a file, or where nothing can be made, is refused by the real file system', () => {
    const file = join(makeTempDir(), 'file')
    writeFileSync(file, '')
    expect(() => prepareDataFolder(join(file, 'below'))).toThrow(/is a file, not a folder/)
    if (process.platform === 'linux') {
      expect(() => prepareDataFolder('/proc/gantry')).toThrow(
        expect.objectContaining({ code: 'data.unwritable' }),
      )
    }
  })

  it('is left with the rights its owner gave it', () => {
    const dir = join(makeTempDir(), 'shared')
    mkdirSync(dir, { mode: 0o750 })
    prepareDataFolder(dir)
    expect(statSync(dir).mode & 0o777).toBe(0o750)
  })

  it('does not hide a mistake of our own behind the disk', () => {
    const broken: FolderFiles = {
      makeDir() {
        throw new TypeError('a bug')
      },
      tryWrite: () => undefined,
    }
    expect(() => prepareDataFolder('/data', broken)).toThrow(TypeError)
  })
})
