import type { Clock } from '../lib/clock.ts'
import type { LoggerFor } from '../lib/log.ts'
import type { SecretBox } from '../lib/secret-box.ts'
import type { ServiceHost } from '../plugin-host/index.ts'
import type { Store } from '../store/index.ts'
import type { GotapiPolicy } from './policy.ts'

export interface GotapiDeps {
  readonly clock: Clock
  readonly logger: LoggerFor
  readonly random: (sizeBytes: number) => Uint8Array
  readonly store: Store
  readonly secrets: SecretBox
  readonly services: ServiceHost
  /** Gantry's version, told in every answer. */
  readonly version: string
  /** Read anew for every decision; the defaults where the owner has no settings yet. */
  readonly policy?: () => GotapiPolicy
}
