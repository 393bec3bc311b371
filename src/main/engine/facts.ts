import type { LogRing } from '../lib/log-ring.ts'
import type { EngineFacts } from '../owner/index.ts'
import type { Config } from './config.ts'
import type { Platform } from './platform.ts'
import type { RoomRow } from './room-row.ts'

/** What the engine tells its owner of itself. */
export function engineFacts(about: {
  readonly platform: Platform
  readonly config: Config
  readonly rooms: RoomRow
  readonly ring: LogRing
  readonly schemaVersion: number
  readonly startedAt: number
}): EngineFacts {
  const { platform, config, rooms, ring, schemaVersion, startedAt } = about
  const { electron, ...versions } = platform.versions
  return {
    state: () => ({
      versions: { ...versions, ...(electron === undefined ? {} : { electron }) },
      schemaVersion,
      startedAt,
      dataDir: platform.dirs.data,
      rooms: [...rooms.states()],
    }),
    config: () => ({ ...config }),
    logLines: ring.lines,
  }
}
