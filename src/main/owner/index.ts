/**
 * What only the owner sees and decides of Gantry itself: settings, what they must be told, how it is, and the
 * parcel that helps to find a mistake. Rights of applications are the front door's, printers are the printers'.
 */
import type { NoticeBoard } from '../contract/notice.ts'
import type { Settings } from '../contract/settings.ts'
import type { Handler } from '../handlers/handler.ts'
import type { Clock } from '../lib/clock.ts'
import type { Dispose } from '../lib/dispose.ts'
import type { LoggerFor } from '../lib/log.ts'
import type { Store } from '../store/index.ts'
import { type EngineFacts, ownerEndpoints } from './endpoints.ts'
import { createNotices } from './notices.ts'
import { createSettings } from './settings.ts'

export type { EngineFacts } from './endpoints.ts'

export interface Owner {
  readonly name: string
  /** For the front door. */
  readonly endpoints: readonly Handler[]
  /** For any room with something the owner must be told. */
  readonly notices: NoticeBoard
  readonly settings: {
    read(): Settings
    onChange(listener: (settings: Settings) => void): Dispose
  }
}

export interface OwnerDeps {
  readonly store: Store
  readonly clock: Clock
  readonly logger: LoggerFor
  readonly facts: EngineFacts
}

export function createOwner({ store, clock, logger, facts }: OwnerDeps): Owner {
  const log = logger('owner')
  const settings = createSettings({ store, clock, log })
  const notices = createNotices({ store, clock, log })
  const endpoints = ownerEndpoints({ settings, notices, facts, clock })
  return { name: 'owner', endpoints, notices, settings }
}
