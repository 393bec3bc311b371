import { GantryError } from '../contract/error.ts'
import type { Notice, NoticeBoard } from '../contract/notice.ts'
import { createFaultTeller, createGotapi, type Gateway } from '../gotapi/index.ts'
import { createHttp } from '../http/index.ts'
import { createLoggers, type LoggerFor, type LogSink } from '../lib/log.ts'
import { createLogRing } from '../lib/log-ring.ts'
import { createStaticFiles } from '../lib/static-files.ts'
import {
  createOwner,
  type EngineFacts,
  linkEndpoints,
  pluginEndpoints,
  tellOfStoppedPlugins,
} from '../owner/index.ts'
import type { Recovery } from '../store/index.ts'
import type { Config } from './config.ts'
import { dataFolderRoom, logFileRoom, storeRoom } from './ground.ts'
import type { Platform } from './platform.ts'
import { plugInRoom } from './plug-ins.ts'
import { describeTakenPort } from './port-holder.ts'
import { printerRooms } from './printer-rooms.ts'
import type { QuitVeto } from './room.ts'
import { createRoomRow } from './room-row.ts'

export interface Engine {
  /** Rejects with what a person can be told; what had started is stopped by then. */
  start(): Promise<void>
  stop(): Promise<void>
  /** Why it should not quit now, if so. */
  quitVeto(): QuitVeto | undefined
  /** The only way in, for the window as for everybody. There once the engine has started. */
  readonly gateway: Gateway
  /** Where the dashboard is served on this machine: `http://127.0.0.1:4035`. There once the engine has started. */
  readonly url: string
  /** For the program around the engine; its lines land beside the engine's own. */
  readonly logger: LoggerFor
}

const startLimitMs = 20_000
const stopLimitMs = 8_000
const ringLines = 4_000

/** All of Gantry but its windows. Read `openRooms` as the table of contents: rooms come up in that order. */
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
  let ready: { readonly gateway: Gateway; readonly url: string } | undefined
  let board: NoticeBoard | undefined

  async function openRooms() {
    const lock = (await rooms.start(dataFolderRoom(platform))).held()
    await rooms.start(logFileRoom({ dir: dirs.data, loggers, ring, onLost: logLost }))
    const { store, recovery } = (await rooms.start(storeRoom(platform, loggers))).held()

    const printing = printerRooms({
      platform,
      store,
      logger: loggers.for,
      // The owner's room comes up with the plug-in of the printers; they tell nothing before they start.
      notices: { raise: notice => board?.raise(notice), withdraw: id => board?.withdraw(id) },
      demo: config.demo,
      listens: config.discovery,
    })
    const plugins = plugInRoom({ platform, store, logger: loggers.for, builtIns: [printing.plugin] })
    const owner = createOwner({
      store,
      clock,
      logger: loggers.for,
      facts: facts(store.schemaVersion),
    })
    board = owner.notices
    if (recovery) board.raise(noticeOf(recovery))
    tellOfStoppedPlugins(plugins, board)

    const http = createHttp({
      clock,
      logger: loggers.for,
      port: config.port,
      httpsPort: config.httpsPort,
      dir: dirs.data,
      page: createStaticFiles(dirs.page),
      hostNames: () => owner.settings.read().hostNames,
      tellFault: createFaultTeller(platform.versions.gantry),
      describeTakenPort,
    })
    const frontDoor = createGotapi({
      clock,
      logger: loggers.for,
      random: platform.random,
      store,
      secrets: platform.secrets,
      services: plugins,
      version: platform.versions.gantry,
      policy: owner.settings.read,
      cliSecret: lock.cliSecret,
      http,
      ...(config.checkResults && {
        onUntrueResult: untruth => log.error('an answer is not as documented', { ...untruth }),
      }),
    })
    const { gateway } = frontDoor
    frontDoor.add([
      ...owner.handlers,
      ...printing.files.handlers,
      ...printing.contents.handlers,
      ...pluginEndpoints(plugins),
      ...linkEndpoints({ clock, url: () => running().url, invite: gateway.invite }),
    ])

    await rooms.start(printing.printers)
    await rooms.start(printing.discovery)
    await rooms.start(printing.files)
    await rooms.start(printing.contents)
    await rooms.start(plugins)
    await rooms.start(frontDoor)
    await rooms.start(http)
    const url = http.url() ?? ''
    ready = { gateway, url }
    lock.publish({ port: portOf(url), url })
    log.info('Gantry is ready', { url })
  }

  function logLost(thrown: unknown) {
    log.warn('log file cannot be written', { cause: thrown })
    board?.raise({ id: 'log', severity: 'warning', sentence: 'log-lost', params: {} })
  }

  function running() {
    if (ready) return ready
    throw new GantryError('internal.bug', 'The engine was asked for its gateway before it had started.')
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

  return {
    logger: loggers.for,
    quitVeto: rooms.quitVeto,
    async stop() {
      log.info('Gantry stops')
      await rooms.stop()
    },
    async start() {
      log.info('Gantry starts', { ...platform.versions, platform: platform.name, dataDir: dirs.data })
      try {
        await openRooms()
      } catch (thrown) {
        await rooms.stop()
        throw thrown
      }
    },
    get gateway() {
      return running().gateway
    },
    get url() {
      return running().url
    },
  }
}

/** A person whose data went back in time must be told from when it is, and where the rest lies. */
function noticeOf({ asideFile, backupAt }: Recovery): Omit<Notice, 'sinceAt'> {
  return backupAt === undefined
    ? { id: 'store', severity: 'error', sentence: 'store-begun-anew', params: { asideFile } }
    : { id: 'store', severity: 'warning', sentence: 'store-restored', params: { asideFile, backupAt } }
}

/** Of an address without one it is http's own. */
const portOf = (url: string) => Number(new URL(url).port || 80)
