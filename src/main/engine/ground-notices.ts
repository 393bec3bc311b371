import type { NoticeBoard } from '../contract/notice.ts'
import type { Recovery } from '../store/index.ts'
import type { LogFileRoom } from './ground.ts'

/** What the rooms that come up before the owner's have to tell the owner. */
export function tellOfGround(
  { recovery, logFile }: { readonly recovery: Recovery | undefined; readonly logFile: LogFileRoom },
  notices: NoticeBoard,
): void {
  if (recovery) tellOfRecovery(recovery, notices)
  logFile.onLost(() => {
    notices.raise({ id: 'log', severity: 'warning', sentence: 'log-lost', params: {} })
  })
}

/** A person whose data went back in time must be told from when it is, and where the rest lies. */
function tellOfRecovery({ asideFile, backupAt }: Recovery, notices: NoticeBoard): void {
  const id = 'store'
  if (backupAt === undefined)
    notices.raise({ id, severity: 'error', sentence: 'store-begun-anew', params: { asideFile } })
  else {
    notices.raise({ id, severity: 'warning', sentence: 'store-restored', params: { asideFile, backupAt } })
  }
}
