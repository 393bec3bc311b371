import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { GantryError } from '../contract/error.ts'
import type { Loggers } from '../lib/log.ts'
import { createLogFile } from '../lib/log-file.ts'
import type { LogRing } from '../lib/log-ring.ts'
import { migrations, type OpenedStore, openStore, type StoreOptions } from '../store/index.ts'
import { prepareDataFolder } from './data-folder.ts'
import { type DataLock, lockDataFolder } from './data-lock.ts'
import type { Platform } from './platform.ts'
import type { Room } from './room.ts'

/** A room that has something to hand out while it runs. */
export interface Holding<Thing> extends Room {
  held(): Thing
}

const logFileBytes = 5 * 1024 * 1024
const logFilesKept = 3
const cliSecretBytes = 32

/** Ours alone, and writable: before anything is kept. */
export function dataFolderRoom(platform: Platform): Holding<DataLock> {
  const { clock, dirs, host } = platform
  return holding('data folder', {
    async open() {
      prepareDataFolder(dirs.data)
      return await lockDataFolder({
        dir: dirs.data,
        pid: process.pid,
        host,
        nowAt: clock.now(),
        cliSecret: Buffer.from(platform.random(cliSecretBytes)).toString('base64url'),
      })
    },
    close: lock => lock.release(),
  })
}

/** From here on the log outlives the process; what was said before goes in first. */
export function logFileRoom(deps: {
  readonly dir: string
  readonly loggers: Loggers
  readonly ring: LogRing
  /** Once, when lines no longer reach the disk. */
  readonly onLost: (thrown: unknown) => void
}): Room {
  const { dir, loggers, ring, onLost } = deps
  return holding('log file', {
    async open() {
      const file = createLogFile({
        file: join(dir, 'gantry.log'),
        limitBytes: logFileBytes,
        keep: logFilesKept,
        onLost,
      })
      for (const line of ring.lines()) file.write(line)
      return { file, drop: loggers.addSink(file) }
    },
    close({ file, drop }) {
      drop()
      file.close()
    },
  })
}

export function storeRoom(platform: Platform, loggers: Loggers): Holding<OpenedStore> {
  const { clock, dirs } = platform
  const file = join(dirs.data, 'gantry.sqlite')
  return holding('store', {
    open: () => openStore({ file, clock, log: loggers.for('store'), migrations, ...backupStarter(platform) }),
    close: opened => opened.close(),
  })
}

/** Run from its source tree, Gantry has no built programs: then the engine waits for its daily backup. */
function backupStarter({ dirs, processes }: Platform): Pick<StoreOptions, 'startBackup'> {
  const program = join(dirs.program, 'store-backup.js')
  if (!existsSync(program)) return {}
  return {
    startBackup: words => processes.fork(program, { args: words, name: 'Gantry backup', ownSession: true }),
  }
}

function holding<Thing extends object>(
  name: string,
  life: { open(): Promise<Thing>; close(thing: Thing): void | Promise<void> },
): Holding<Thing> {
  let thing: Thing | undefined
  return {
    name,
    async start() {
      thing = await life.open()
    },
    async stop() {
      const old = thing
      thing = undefined
      if (old) await life.close(old)
    },
    held() {
      if (thing) return thing
      throw new GantryError('internal.bug', `“${name}” was asked for what it has only while it runs.`)
    },
  }
}
