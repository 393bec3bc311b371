import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { GantryError } from '../contract/error.ts'
import type { Clock } from '../lib/clock.ts'
import type { LoggerFor, Loggers } from '../lib/log.ts'
import { createLogFile } from '../lib/log-file.ts'
import type { LogRing } from '../lib/log-ring.ts'
import type { SecretBox } from '../lib/secret-box.ts'
import { uuidFrom } from '../lib/uuid.ts'
import { migrations, type OpenedStore, openStore, type Store, type StoreOptions } from '../store/index.ts'
import { prepareDataFolder } from './data-folder.ts'
import { type DataLock, lockDataFolder } from './data-lock.ts'
import type { Platform } from './platform.ts'
import type { Room } from './room.ts'

interface LivingRoom extends Room {
  start(): Promise<void>
  stop(): Promise<void>
}

/** A room that has something to hand out while it runs. */
export interface Holding<Thing> extends LivingRoom {
  held(): Thing
}

/** What the rooms above stand on: each takes of it what it needs. */
export interface Ground {
  readonly clock: Clock
  readonly logger: LoggerFor
  readonly store: Store
  readonly secrets: SecretBox
  /** Bytes nobody can guess. */
  readonly random: (sizeBytes: number) => Uint8Array
  /** 0 <= n < 1 */
  readonly chance: () => number
  readonly uuid: () => string
}

export function groundOf({ clock, secrets, random }: Platform, logger: LoggerFor, store: Store): Ground {
  return {
    clock,
    logger,
    store,
    secrets,
    random,
    chance: () => Buffer.from(random(4)).readUInt32LE() / 2 ** 32,
    uuid: () => uuidFrom(random(16)),
  }
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

export interface LogFileRoom extends LivingRoom {
  /** Lines no longer reach the disk: told once, also to who comes later. */
  onLost(listener: () => void): void
}

/** From here on the log outlives the process; what was said before goes in first. */
export function logFileRoom(deps: {
  readonly dir: string
  readonly loggers: Loggers
  readonly ring: LogRing
}): LogFileRoom {
  const { dir, loggers, ring } = deps
  let tellLost = () => {}
  const lost = new Promise<void>(resolve => {
    tellLost = resolve
  })
  const room = holding('log file', {
    async open() {
      const file = createLogFile({
        file: join(dir, 'gantry.log'),
        limitBytes: logFileBytes,
        keep: logFilesKept,
        onLost(thrown) {
          loggers.for('engine').warn('log file cannot be written', { cause: thrown })
          tellLost()
        },
      })
      for (const line of ring.lines()) file.write(line)
      return { file, drop: loggers.addSink(file) }
    },
    close({ file, drop }) {
      drop()
      file.close()
    },
  })
  return { ...room, onLost: listener => void lost.then(listener) }
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
