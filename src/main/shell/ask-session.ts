import { type Session, session } from 'electron'
import type { Logger } from '../lib/log.ts'
import type { StaticFiles } from '../lib/static-files.ts'
import { serveApp } from './app-protocol.ts'
import type { AskPage } from './own-page.ts'
import { secureSession } from './security.ts'

/**
 * A session for one kind of window that asks. Pages of one origin in one session share what they keep, and reach each
 * other; this one shows what an application calls itself, so nothing of the dashboard's is in it. In memory only.
 */
export function openAskSession(page: AskPage, files: StaticFiles, log: Logger): Session {
  const own = session.fromPartition(page)
  secureSession(own, log)
  serveApp(own.protocol, { files, log })
  return own
}
