import { randomBytes } from 'node:crypto'
import { arch, hostname } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '../lib/clock.ts'
import { readNodeBattery } from './node-battery.ts'
import { forkNodeProcess } from './node-child-process.ts'
import { readNodeClockSync } from './node-clock-sync.ts'
import { keepNodeAwake } from './node-keep-awake.ts'
import { createFileSecretBox } from './node-secret-box.ts'
import type { Platform, PlatformDirs } from './platform.ts'

/** The machine as plain Node sees it: for servers, tests and development. */
export function createNodePlatform(options: {
  readonly dirs: PlatformDirs
  readonly version: string
  readonly env: Readonly<Record<string, string | undefined>>
  /** Where there is a terminal, what the person must be told is printed there. */
  readonly print?: (text: string) => void
}): Platform {
  return {
    name: 'node',
    clock: systemClock,
    random: sizeBytes => randomBytes(sizeBytes),
    dirs: options.dirs,
    secrets: createFileSecretBox({
      file: join(options.dirs.data, 'secret.key'),
      givenKey: options.env.GANTRY_SECRET_KEY,
    }),
    processes: { fork: forkNodeProcess },
    versions: {
      gantry: options.version,
      node: process.versions.node,
      electron: undefined,
      system: `${process.platform} ${arch()}`,
    },
    host: hostname(),
    keepAwake: keepNodeAwake,
    readBattery: readNodeBattery,
    clockIsSynchronised: () => readNodeClockSync(),
    notify: ({ title, text }) => options.print?.(`${title}\n${text}`),
  }
}
