import { existsSync, readFileSync, renameSync, truncateSync, writeFileSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import { type Disk, nodeDisk } from '../../src/main/store/disk.ts'

type Verb = keyof Disk
const reading: readonly Verb[] = ['exists', 'list', 'read']

/**
 * The real disk, with something said about each call before it is made; what that throws is what the disk says. Nothing
 * is written through, as no test loses its power.
 */
export function createDiskWith(before: (verb: Verb, path: string, to?: string) => void): Disk {
  const pass =
    <Args extends [path: string, to?: string], Result>(verb: Verb, call: (...args: Args) => Result) =>
    (...args: Args): Result => {
      before(verb, args[0], args[1])
      return call(...args)
    }
  return {
    exists: pass('exists', nodeDisk.exists),
    list: pass('list', nodeDisk.list),
    makeFolder: pass('makeFolder', nodeDisk.makeFolder),
    read: pass('read', nodeDisk.read),
    write: pass('write', nodeDisk.write),
    copy: pass('copy', nodeDisk.copy),
    rename: pass('rename', nodeDisk.rename),
    remove: pass('remove', nodeDisk.remove),
    syncFile: pass('syncFile', () => undefined),
    syncFolder: pass('syncFolder', () => undefined),
  }
}

/** Changes as they are made, by the last part of each path: `rename a.draft a`. */
export function createRecordingDisk(): { readonly disk: Disk; readonly changes: string[] } {
  const changes: string[] = []
  const disk = createDiskWith((verb, path, to) => {
    if (reading.includes(verb)) return
    const target = to === undefined || verb === 'write' ? [] : [basename(to)]
    changes.push([verb, basename(path), ...target].join(' '))
  })
  return { disk, changes }
}

export interface MortalDisk {
  readonly disk: Disk
  isDead(): boolean
  /** What was not synced is cut in half; with `names` renamed files have their old names again, newest first. */
  losePower(what?: { readonly names: boolean }): void
}

/** The disk of a process that is killed at its n-th change, in the middle of it where it has one. */
export function createMortalDisk(changesToLive: number): MortalDisk {
  const unsynced = new Set<string>()
  let renamed: { readonly from: string; readonly to: string; readonly isNew: boolean }[] = []
  let changes = 0
  const isDead = () => changes > changesToLive
  const disk = createDiskWith((verb, path, to = '') => {
    if (reading.includes(verb)) return
    const isLast = changes === changesToLive
    changes++
    if (isDead()) {
      if (isLast && verb === 'write') half(path, Buffer.from(to))
      if (isLast && verb === 'copy') half(to, readFileSync(path))
      throw new Error('killed')
    }
    if (verb === 'write') unsynced.add(path)
    if (verb === 'copy') unsynced.add(to)
    if (verb === 'syncFile') unsynced.delete(path)
    if (verb === 'syncFolder') renamed = renamed.filter(({ to }) => dirname(to) !== path)
    if (verb === 'rename') {
      renamed.push({ from: path, to, isNew: !existsSync(to) })
      if (unsynced.delete(path)) unsynced.add(to)
    }
  })
  const half = (file: string, bytes: Buffer) => writeFileSync(file, bytes.subarray(0, bytes.length / 2))

  return {
    disk,
    isDead,
    losePower({ names } = { names: false }) {
      for (const file of unsynced) {
        if (existsSync(file)) truncateSync(file, Math.floor(readFileSync(file).length / 2))
      }
      if (!names) return
      for (const { from, to, isNew } of renamed.reverse()) {
        if (isNew && existsSync(to)) renameSync(to, from)
      }
    },
  }
}
