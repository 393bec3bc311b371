import type { GantryError } from '../contract/error.ts'
import type { Clock } from '../lib/clock.ts'
import type { LoggerFor } from '../lib/log.ts'
import type { SecretBox } from '../lib/secret-box.ts'
import type { StaticFiles } from '../lib/static-files.ts'
import type { ServiceHost } from '../plugin-host/index.ts'
import type { Store } from '../store/index.ts'
import type { Patience } from './listener.ts'
import type { NetworkNames } from './network-names.ts'
import type { GotapiPolicy } from './policy.ts'
import type { Untruth } from './result-check.ts'

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
  /** The sockets; without them there is only the way in from inside. */
  readonly network?: GotapiNetwork
  /** Given, every answer is held against its route's schema; costs time, so only while Gantry is worked on. */
  readonly onUntrueResult?: (untruth: Untruth) => void
}

export interface GotapiNetwork {
  /** Loopback only, http and ws. 0: any free one. */
  readonly port: number
  /** https and wss for other devices, once the owner opens it. 0: any free one. */
  readonly httpsPort: number
  /** Where the key of the certificate is kept. */
  readonly dir: string
  /** The dashboard's files, served at `/`. */
  readonly page?: StaticFiles
  /** `port.taken`, with what can be said about who holds it. */
  readonly describeTakenPort: (port: number) => Promise<GantryError>
  /** This machine's own where absent. */
  readonly names?: NetworkNames
  /** For slow senders; `limits.ts` where absent. */
  readonly patience?: Patience
}
