/**
 * Files that come to Gantry: today those on their way to a printer, which wait here until their bytes are whole. It
 * knows no printer and does not look into a file.
 */
import type { Handler } from '../handlers/handler.ts'
import type { Clock } from '../lib/clock.ts'
import { createUploads, type Uploads } from './uploads.ts'

export type { TakenFile, Uploads } from './uploads.ts'

export interface Files {
  readonly name: string
  /** For the front door: the bytes of uploads. */
  readonly endpoints: readonly Handler[]
  readonly uploads: Uploads
  start(): Promise<void>
  stop(): Promise<void>
}

export function createFiles(deps: {
  readonly clock: Clock
  readonly dir: string
  readonly uuid: () => string
}): Files {
  const { uploads, start, stop } = createUploads(deps)
  return {
    name: 'files',
    endpoints: [
      {
        kind: 'bytes',
        profile: 'printerfiles',
        find: ({ origin }, id) => uploads.bytes(origin, id),
      },
    ],
    uploads,
    start,
    stop,
  }
}
