import { join } from 'node:path'
import { GantryError } from '../contract/error.ts'
import type { Notice } from '../contract/notice.ts'
import { createLoggers, type LoggerFor, type LogSink } from '../lib/log.ts'
import { createLogFile } from '../lib/log-file.ts'
import { createLogRing } from '../lib/log-ring.ts'
import { createOwner, type EngineFacts } from '../owner/index.ts'
import { migrations, type OpenedStore, openStore, type Recovery } from '../store/index.ts'
import type { Config } from './config.ts'
import { prepareDataFolder } from './data-folder.ts'
import { type DataLock, lockDataFolder } from './data-lock.ts'
import type { Platform } from './platform.ts'
import type { QuitVeto, Room } from './room.ts'
import { createRoomRow } from './room-row.ts'

export interface Engine {
  /** Rejects with what a person can be told; what had started is stopped by then. */
  start(): Promise<void>
  stop(): Promise<void>
  /** Why it should not quit now, if so. */
  quitVeto(): QuitVeto | undefined
  /** For the program around the engine; its lines land beside the engine's own. */
  readonly logger: LoggerFor
}

const startLimitMs = 20_000
const stopLimitMs = 8_000
const ringLines = 4_000
const logFileBytes = 5 * 1024 * 1024
const logFilesKept = 3

/** All of Gantry but its windows. Read `start` as the table of contents: rooms come up in that order. */
export function createEngine(
  platform: Platform,
  config: Config,
  options: { readonly logSink?: LogSink } = {},
): Engine {
  const { clock, dirs } = platform
  const loggers = createLoggers({ level: config.logLevel, clock })
  const ring = createLogRing(ringLines)
  loggers.addSink(ring)
  if (options.logSink) loggers.addSink(options.logSink)
  const log = loggers.for('engine')
  const startedAt = clock.now()
  const rooms = createRoomRow({ clock, log, startLimitMs, stopLimitMs })

  const openRooms = async () => {
    await rooms.start(dataFolder())
    await rooms.start(logFile())
    const { store, recovery } = (await rooms.start(storeRoom())).opened()
    const owner = createOwner({ store, clock, logger: loggers.for, facts: facts(store.schemaVersion) })
    if (recovery) owner.notices.raise(noticeOf(recovery))
  }

  function facts(schemaVersion: number): EngineFacts {
    const { electron, ...versions } = platform.versions
    return {
      state: () => ({
        versions: { ...versions, ...(electron === undefined ? {} : { electron }) },
        schemaVersion,
        startedAt,
        dataDir: dirs.data,
        rooms: [...rooms.states()],
      }),
      config: () => ({ ...config }),
      logLines: ring.lines,
    }
  }

  function dataFolder(): Room {
    let lock: DataLock | undefined
    return {
      name: 'data folder',
      async start() {
        prepareDataFolder(dirs.data)
        lock = await lockDataFolder({
          dir: dirs.data,
          pid: process.pid,
          host: platform.host,
          nowAt: clock.now(),
          cliSecret: Buffer.from(platform.random(32)).toString('base64url'),
        })
      },
      async stop() {
        lock?.release()
      },
    }
  }

  function logFile(): Room {
    const file = createLogFile({
      file: join(dirs.data, 'gantry.log'),
      limitBytes: logFileBytes,
      keep: logFilesKept,
      onLost: thrown => log.warn('log file cannot be written', { cause: thrown }),
    })
    return {
      name: 'log file',
      async start() {
        for (const line of ring.lines()) file.write(line)
        loggers.addSink(file)
      },
      stop: async () => file.close(),
    }
  }

  function storeRoom(): Room & { opened(): OpenedStore } {
    let opened: OpenedStore | undefined
    return {
      name: 'store',
      async start() {
        opened = await openStore({
          file: join(dirs.data, 'gantry.sqlite'),
          clock,
          log: loggers.for('store'),
          migrations,
        })
      },
      async stop() {
        opened?.close()
      },
      opened() {
        if (opened) return opened
        throw new GantryError('internal.bug', 'The store was asked for before it was open.')
      },
    }
  }

  return {
    logger: loggers.for,
    quitVeto: rooms.quitVeto,
    stop: rooms.stop,
    async start() {
      log.info('Gantry starts', { ...platform.versions, platform: platform.name, dataDir: dirs.data })
      try {
        await openRooms()
      } catch (thrown) {
        await rooms.stop()
        throw thrown
      }
    },
  }
}

/** A person whose data went back in time must be told from when it is, and where the rest lies. */
function noticeOf({ asideFile, backupAt }: Recovery): Omit<Notice, 'sinceAt'> {
  return backupAt === undefined
    ? { id: 'store', severity: 'error', sentence: 'store-begun-anew', params: { asideFile } }
    : { id: 'store', severity: 'warning', sentence: 'store-restored', params: { asideFile, backupAt } }
}
