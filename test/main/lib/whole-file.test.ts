import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type WholeFileDisk, writeWholeFile } from '../../../src/main/lib/whole-file.ts'
import { makeTempDir } from '../../fakes/temp-dir.ts'

/** Files in memory that note what was done, and fail at one step if told so. */
function recordingDisk(failsAt?: keyof WholeFileDisk) {
  const files = new Map([['/a/key.pem', 'old']])
  const done: string[] = []
  const step = (name: keyof WholeFileDisk, subject: string) => {
    done.push(`${name} ${subject}`)
    if (name === failsAt) throw new Error(`no ${name}`)
  }
  const disk: WholeFileDisk = {
    write(file, text) {
      files.set(file, text.slice(0, 1))
      step('write', file)
      files.set(file, text)
    },
    rename(from, to) {
      step('rename', `${from} ${to}`)
      files.set(to, files.get(from) ?? '')
      files.delete(from)
    },
    syncFolder: dir => step('syncFolder', dir),
    remove(file) {
      step('remove', file)
      files.delete(file)
    },
  }
  return { disk, files, done }
}

describe('a file that is written whole', () => {
  it('is written beside, put in its place, and its folder written through, in this order', () => {
    const { disk, files, done } = recordingDisk()
    writeWholeFile('/a/key.pem', 'new', disk)
    expect(done).toEqual(['write /a/key.pem.draft', 'rename /a/key.pem.draft /a/key.pem', 'syncFolder /a'])
    expect([...files]).toEqual([['/a/key.pem', 'new']])
  })

  it.each(['write', 'rename'] as const)(
    'stays as it was when the disk fails at the %s, without a draft',
    at => {
      const { disk, files } = recordingDisk(at)
      expect(() => writeWholeFile('/a/key.pem', 'new', disk)).toThrow(`no ${at}`)
      expect([...files]).toEqual([['/a/key.pem', 'old']])
    },
  )

  it('is on a real disk what was written, for its owner alone, even over a draft that all could read', () => {
    const file = join(makeTempDir(), 'key.pem')
    writeFileSync(`${file}.draft`, 'left behind')
    if (process.platform !== 'win32') chmodSync(`${file}.draft`, 0o644)
    writeWholeFile(file, 'new')
    expect(readFileSync(file, 'utf8')).toBe('new')
    expect(existsSync(`${file}.draft`)).toBe(false)
    if (process.platform !== 'win32') expect(statSync(file).mode & 0o777).toBe(0o600)
  })

  it('leaves nothing behind where a real disk refuses', () => {
    const dir = makeTempDir()
    mkdirSync(join(dir, 'key.pem', 'full'), { recursive: true })
    expect(() => writeWholeFile(join(dir, 'key.pem'), 'new')).toThrow()
    expect(existsSync(join(dir, 'key.pem.draft'))).toBe(false)
    expect(existsSync(join(dir, 'key.pem', 'full'))).toBe(true)
  })
})
