import type { Http } from '../http/index.ts'
import type { Clock } from '../lib/clock.ts'
import type { LoggerFor } from '../lib/log.ts'
import type { SecretBox } from '../lib/secret-box.ts'
import type { ServiceHost } from '../plugin-host/index.ts'
import type { Store } from '../store/index.ts'
import type { Untruth } from './calls/result-check.ts'
import type { GotapiPolicy } from './protocol/policy.ts'

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
  /** A code that always lets in, with every scope: for the command line, which reads it from a file of ours. */
  readonly cliSecret?: string
  /** Where calls and sockets come in; without it there is only the way in from inside. */
  readonly http?: Http
  /** Given, every answer is held against its route's schema; costs time, so only while Gantry is worked on. */
  readonly onUntrueResult?: (untruth: Untruth) => void
}
