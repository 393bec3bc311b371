import * as fs from 'node:fs'
import { basename, join } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { nodeDisk, putInPlace } from '../../../src/main/store/disk.ts'
import { makeTempDir } from '../../fakes/temp-dir.ts'

const seen: string[] = []
const refusals = new Map<string, string>()

/** What reaches the operating system, and what it answers where a test says so. */
vi.mock('node:fs', async importOriginal => {
  const real = await importOriginal<typeof fs>()
  const open = new Map<number, string>()
  return {
    ...real,
    openSync(path: string, flags: string, mode?: number) {
      const handle = real.openSync(path, flags, mode)
      open.set(handle, `${basename(path)} (${flags})`)
      return handle
    },
    fsyncSync(handle: number) {
      const name = open.get(handle) ?? 'something else'
      const code = refusals.get(name)
      if (code !== undefined) throw Object.assign(new Error('no'), { code })
      seen.push(`fsync ${name}`)
      real.fsyncSync(handle)
    },
    closeSync(handle: number) {
      seen.push(`close ${open.get(handle)}`)
      real.closeSync(handle)
    },
  }
})

afterEach(() => {
  seen.length = 0
  refusals.clear()
})

describe('the disk', () => {
  it('writes a file and a folder through, and keeps neither open', () => {
    const dir = makeTempDir()
    fs.writeFileSync(join(dir, 'a'), 'bytes')
    nodeDisk.syncFile(join(dir, 'a'))
    nodeDisk.syncFolder(dir)
    expect(seen).toEqual([
      'fsync a (r+)',
      'close a (r+)',
      `fsync ${basename(dir)} (r)`,
      `close ${basename(dir)} (r)`,
    ])
  })

  it.each(['EPERM', 'EISDIR', 'EINVAL', 'ENOTSUP'])(
    'takes %s for a system that writes folders through by itself',
    code => {
      const dir = makeTempDir()
      refusals.set(`${basename(dir)} (r)`, code)
      nodeDisk.syncFolder(dir)
      expect(seen).toEqual([`close ${basename(dir)} (r)`])
    },
  )

  it('says so when it cannot write a folder or a file through', () => {
    const dir = makeTempDir()
    fs.writeFileSync(join(dir, 'a'), 'bytes')
    refusals.set(`${basename(dir)} (r)`, 'EIO').set('a (r+)', 'EPERM')
    expect(() => nodeDisk.syncFolder(dir)).toThrow('no')
    expect(() => nodeDisk.syncFile(join(dir, 'a'))).toThrow('no')
    expect(seen).toEqual([`close ${basename(dir)} (r)`, 'close a (r+)'])
  })

  it('makes folders that are their owner’s alone, and their name lasts', () => {
    const dir = makeTempDir()
    nodeDisk.makeFolder(join(dir, 'new', 'below'))
    expect(fs.statSync(join(dir, 'new')).mode & 0o777).toBe(0o700)
    expect(fs.statSync(join(dir, 'new', 'below')).mode & 0o777).toBe(0o700)
    expect(seen).toEqual([`fsync ${basename(dir)} (r)`, `close ${basename(dir)} (r)`])
    seen.length = 0
    nodeDisk.makeFolder(join(dir, 'new', 'below'))
    expect(seen).toEqual([])
  })

  it('has nothing where there is nothing, and fails where it cannot look', () => {
    const dir = makeTempDir()
    const file = join(dir, 'a')
    expect(nodeDisk.list(file)).toEqual([])
    expect(nodeDisk.read(file)).toBeUndefined()
    nodeDisk.remove(file)
    fs.writeFileSync(file, 'bytes')
    expect(nodeDisk.list(dir)).toEqual(['a'])
    expect(() => nodeDisk.list(file)).toThrow('ENOTDIR')
    expect(() => nodeDisk.read(dir)).toThrow('EISDIR')
  })

  it('writes for the owner alone, reads, copies, renames, removes', () => {
    const at = (name: string) => join(dir, name)
    const dir = makeTempDir()
    nodeDisk.write(at('a'), 'bytes')
    expect(fs.statSync(at('a')).mode & 0o777).toBe(0o600)
    nodeDisk.copy(at('a'), at('b'))
    nodeDisk.rename(at('b'), at('c'))
    nodeDisk.remove(at('a'))
    expect([nodeDisk.exists(at('a')), nodeDisk.exists(at('b')), nodeDisk.read(at('c'))]).toEqual([
      false,
      false,
      'bytes',
    ])
  })
})

describe('a file put in its place', () => {
  it('is whole and on the medium before it has its name, and the name is on it too', () => {
    const dir = makeTempDir()
    const file = join(dir, 'a')
    fs.writeFileSync(`${file}.draft`, 'of somebody who was killed')
    putInPlace(nodeDisk, file, draft => {
      expect(fs.existsSync(draft)).toBe(false)
      nodeDisk.write(draft, 'new')
    })
    expect(fs.readFileSync(file, 'utf8')).toBe('new')
    expect(seen.filter(call => call.startsWith('fsync'))).toEqual([
      'fsync a.draft (r+)',
      `fsync ${basename(dir)} (r)`,
    ])
    expect(fs.readdirSync(dir)).toEqual(['a'])
  })

  it('stays as it was when the new one cannot be written', () => {
    const dir = makeTempDir()
    const file = join(dir, 'a')
    fs.writeFileSync(file, 'old')
    refusals.set('a.draft (r+)', 'ENOSPC')
    expect(() => putInPlace(nodeDisk, file, draft => nodeDisk.write(draft, 'new'))).toThrow('no')
    expect(fs.readFileSync(file, 'utf8')).toBe('old')
    expect(fs.readdirSync(dir)).toEqual(['a'])
  })
})
