import { join } from 'node:path'
import { createContents } from '../contents/index.ts'
import { GantryError } from '../contract/error.ts'
import { createDiscoveryRoom } from '../discovery/index.ts'
import { createFiles } from '../files/index.ts'
import { createFaultTeller, createGotapi, type Gateway } from '../gotapi/index.ts'
import { createHttp } from '../http/index.ts'
import { createLoggers, type LoggerFor, type LogSink } from '../lib/log.ts'
import { createLogRing } from '../lib/log-ring.ts'
import { createStaticFiles } from '../lib/static-files.ts'
import { createOwner } from '../owner/index.ts'
import { createPrintersRoom, createSerialPorts } from '../printers/index.ts'
import type { Config } from './config.ts'
import { engineFacts } from './facts.ts'
import { feederProgram } from './feeder-program.ts'
import { dataFolderRoom, groundOf, logFileRoom, storeRoom } from './ground.ts'
import { tellOfGround } from './ground-notices.ts'
import type { Platform } from './platform.ts'
import { plugInRoom } from './plug-ins.ts'
import { describeTakenPort } from './port-holder.ts'
import { printer3dRoom } from './printer3d.ts'
import type { QuitVeto, Room } from './room.ts'
import { createRoomRow } from './room-row.ts'

export interface Engine {
  /** Rejects with what a person can be told; what had started is stopped by then. */
  start(): Promise<void>
  /** Also while it starts. */
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

/** All of Gantry but its windows. Read `open` as the table of contents. */
export function createEngine(
  platform: Platform,
  config: Config,
  options: { readonly logSink?: LogSink } = {},
): Engine {
  const { clock, dirs, versions } = platform
  const loggers = createLoggers({ level: config.logLevel, clock })
  const ring = createLogRing(ringLines)
  loggers.addSink(ring)
  if (options.logSink) loggers.addSink(options.logSink)
  const log = loggers.for('engine')
  const startedAt = clock.now()
  const rooms = createRoomRow({ clock, log, startLimitMs, stopLimitMs })
  let ready: { readonly gateway: Gateway; readonly url: string } | undefined

  /** Rooms come up in this order and go down the other way. Each is given the ones it leans on. */
  async function open() {
    const lock = (await rooms.start(dataFolderRoom(platform))).held()
    const logFile = await rooms.start(logFileRoom({ dir: dirs.data, loggers, ring }))
    const { store, recovery } = (await rooms.start(storeRoom(platform, loggers))).held()
    const ground = groundOf(platform, loggers.for, store)

    const { schemaVersion } = store
    const facts = engineFacts({ platform, config, rooms, ring, schemaVersion, startedAt })
    const owner = createOwner({ ...ground, facts })
    const { notices } = owner
    tellOfGround({ recovery, logFile }, notices)

    const serial = createSerialPorts()
    const printers = createPrintersRoom({
      ...platform,
      ...ground,
      ...feederProgram(platform, loggers.for('printers')),
      random: ground.chance,
      serial,
      notices,
      demo: config.demo,
    })
    const discovery = createDiscoveryRoom({ ...ground, printers, serial, listens: config.discovery })
    const files = createFiles({ ...ground, dir: join(dirs.data, 'uploads') })
    const contents = createContents({ ...ground, printers, dir: join(dirs.data, 'contents') })
    const printer3d = printer3dRoom(platform, { ...ground, printers, discovery, contents, files })

    const inner: readonly Room[] = [owner, printers, discovery, files, contents, printer3d]
    const builtIns = inner.flatMap(({ services = [] }) => services)
    const plugins = plugInRoom(platform, { ...ground, notices, builtIns })

    const http = createHttp({
      ...ground,
      port: config.port,
      httpsPort: config.httpsPort,
      dir: dirs.data,
      page: createStaticFiles(dirs.page),
      hostNames: () => owner.settings.read().hostNames,
      tellFault: createFaultTeller(versions.gantry),
      describeTakenPort,
    })
    const frontDoor = createGotapi({
      ...ground,
      services: plugins,
      version: versions.gantry,
      policy: owner.settings.read,
      cliSecret: lock.cliSecret,
      http,
      ...(config.checkResults && {
        onUntrueResult: untruth => log.error('an answer is not as documented', { ...untruth }),
      }),
    })

    const list: readonly Room[] = [...inner, plugins, frontDoor, http]
    frontDoor.add(list.flatMap(({ endpoints = [] }) => endpoints))
    for (const room of list) await rooms.start(room)
    return { gateway: frontDoor.gateway, url: http.url() ?? '', lock }
  }

  function running() {
    if (ready) return ready
    throw new GantryError('internal.bug', 'The engine was asked for its gateway before it had started.')
  }

  return {
    logger: loggers.for,
    quitVeto: rooms.quitVeto,
    async stop() {
      log.info('Gantry stops')
      await rooms.stop()
    },
    async start() {
      log.info('Gantry starts', { ...versions, platform: platform.name, dataDir: dirs.data })
      try {
        const { gateway, url, lock } = await open()
        ready = { gateway, url }
        lock.publish({ port: portOf(url), url })
        log.info('Gantry is ready', { url })
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

/** Of an address without one it is http's own. */
const portOf = (url: string) => Number(new URL(url).port || 80)
