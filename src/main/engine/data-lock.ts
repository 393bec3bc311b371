import { renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { GantryError } from '../contract/error.ts'
import { tryLockFile } from '../store/index.ts'
import { holderFile, type LockHolder, readLockHolder } from './lock-holder.ts'

export interface DataLock {
  readonly cliSecret: string
  /** Tells others where this Gantry listens. */
  publish(address: { readonly port: number; readonly url: string }): void
  release(): void
}

export interface DataLockOptions {
  readonly dir: string
  readonly pid: number
  readonly host: string
  readonly nowAt: number
  readonly cliSecret: string
}

/**
 * One engine per data folder. Who holds it is decided by the operating system's lock on `lock.sqlite`, which ends
 * with its process however that dies; `gantry.lock` only tells who it is (docs/decisions/0020).
 */
export async function lockDataFolder(options: DataLockOptions): Promise<DataLock> {
  const { dir } = options
  const lock = await tryLockFile(join(dir, 'lock.sqlite'))
  if (!lock) throw heldBy(dir, readLockHolder(dir))
  let holder: LockHolder = {
    pid: options.pid,
    host: options.host,
    sinceAt: options.nowAt,
    cliSecret: options.cliSecret,
  }
  try {
    writeHolder(dir, holder)
  } catch (thrown) {
    lock.release()
    throw thrown
  }
  return {
    cliSecret: options.cliSecret,
    publish({ port, url }) {
      holder = { ...holder, port, url }
      writeHolder(dir, holder)
    },
    release() {
      // Told nothing more before the lock is free: the next holder writes its own.
      rmSync(holderFile(dir), { force: true })
      lock.release()
    },
  }
}

function writeHolder(dir: string, holder: LockHolder): void {
  const draft = `${holderFile(dir)}.draft`
  rmSync(draft, { force: true })
  writeFileSync(draft, `${JSON.stringify(holder, undefined, 2)}\n`, { mode: 0o600 })
  renameSync(draft, holderFile(dir))
}

function heldBy(dir: string, holder: LockHolder | undefined): GantryError {
  if (!holder) {
    return new GantryError(
      'data.held',
      `Another Gantry uses the data folder ${dir}. Stop it, or choose another folder with --data-dir.`,
      { dir },
    )
  }
  const { pid, host, sinceAt, port, url } = holder
  const where = url === undefined ? '' : `, at ${url}`
  return new GantryError(
    'data.held',
    `Another Gantry (process ${pid} on ${host}, since ${new Date(sinceAt).toISOString()}${where}) uses the data folder ${dir}. Use that one, stop it, or choose another folder with --data-dir.`,
    { dir, pid, host, sinceAt, port, url },
  )
}
