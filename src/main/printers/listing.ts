import { GantryError } from '../contract/error.ts'
import type { Clock } from '../lib/clock.ts'
import type { PrinterSession, RemoteFile } from './driver/driver.ts'

/** Whoever starts a file has just looked at the list: it is not fetched again for that. */
const freshMs = 10_000
const limitMs = 15_000

/** What lies on a printer, as it said last. Only what is on its list is started, queued or deleted. */
export interface Listing {
  files(session: PrinterSession, signal: AbortSignal): Promise<readonly RemoteFile[]>
  /** Rejects with `file.unknown` when the printer does not list it. */
  demand(session: PrinterSession, path: string, signal?: AbortSignal): Promise<void>
  /** Something was put there or taken away. */
  forget(): void
}

interface Known {
  readonly session: PrinterSession
  readonly paths: ReadonlySet<string>
  readonly atMs: number
}

export function createListing(clock: Clock): Listing {
  let latest: Known | undefined

  const files: Listing['files'] = async (session, signal) => {
    if (session.listFiles === undefined) {
      throw new GantryError('printer.unsupported', 'This printer does not list its files.')
    }
    const listed = await session.listFiles(signal)
    latest = { session, paths: new Set(listed.map(({ path }) => path)), atMs: clock.elapsed() }
    return listed
  }
  const isFresh = (session: PrinterSession) =>
    latest?.session === session && clock.elapsed() - latest.atMs < freshMs
  return {
    files,
    async demand(session, path, signal) {
      // A file that came a moment ago is not on an old list: who is not found is looked for once more.
      if (isFresh(session) && latest?.paths.has(path)) return
      const limit = AbortSignal.timeout(limitMs)
      await files(session, signal ? AbortSignal.any([limit, signal]) : limit)
      if (latest?.paths.has(path)) return
      throw new GantryError('file.unknown', 'The printer has no such file.', { path })
    },
    forget() {
      latest = undefined
    },
  }
}
