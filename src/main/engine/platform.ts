import type { Battery } from '../lib/battery.ts'
import type { ChildProcesses } from '../lib/child-process.ts'
import type { Clock } from '../lib/clock.ts'
import type { Dispose } from '../lib/dispose.ts'
import type { SecretBox } from '../lib/secret-box.ts'

/** Everything the engine wants of the machine it runs on. Electron gives one, plain Node another, tests a third. */
export interface Platform {
  readonly name: 'electron' | 'node'
  readonly clock: Clock
  /** Bytes nobody can guess. */
  random(sizeBytes: number): Uint8Array
  readonly dirs: PlatformDirs
  readonly secrets: SecretBox
  readonly processes: ChildProcesses
  readonly versions: PlatformVersions
  /** The machine's own name. */
  readonly host: string
  /** Tells the person at this machine, by whatever it has for that; nothing where it has nothing. */
  notify(message: { readonly title: string; readonly text: string }): void
  /** Holds off the machine's sleep until disposed of; the reason is shown where the system shows such things. */
  keepAwake(reason: string): Dispose
  /** Absent where the machine has none. */
  readBattery(): Promise<Battery | undefined>
  /** Whether the clock is kept to UTC by somebody; undefined where nobody knows. */
  clockIsSynchronised?(): Promise<boolean | undefined>
  /** Tells when the machine is plugged in or pulled out, where the system does. */
  onPower?(listener: () => void): Dispose
  /** Opens an address in the person's browser. */
  openExternal?(url: string): Promise<void>
}

export interface PlatformDirs {
  /** Everything Gantry keeps: database, backups, logs, lock. */
  readonly data: string
  /** The built dashboard: `index.html` and what it loads. */
  readonly page: string
  /** Icons, licences and profiles that come with the program. */
  readonly resources: string
  /** The built entries, where the programs of child processes lie too. */
  readonly program: string
}

export interface PlatformVersions {
  readonly gantry: string
  readonly node: string
  readonly electron: string | undefined
  /** `linux x64`, `darwin arm64`, `win32 x64`. */
  readonly system: string
}
