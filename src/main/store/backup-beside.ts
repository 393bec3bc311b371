import type { ChildProcess } from '../lib/child-process.ts'

/** What the program `store-backup` is told, in this order. */
export interface BackupWords {
  readonly file: string
  readonly dir: string
  readonly version: number
  readonly takenAt: number
}

/** Starts the built program `store-backup` with these words, in a process of its own. */
export type StartBackup = (words: readonly string[]) => ChildProcess

const mostSaid = 2_000

/**
 * Has a backup taken by a process of its own, which can be ended anywhere on the way: SQLite copies, checks and
 * waits for the disk without a pause, and a thread that is in the middle of that cannot be stopped.
 */
export function takeBeside(start: StartBackup, words: BackupWords, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const { file, dir, version, takenAt } = words
    const child = start([file, dir, String(version), String(takenAt)])
    let said = ''
    child.onOutput(text => {
      said = (said + text).slice(-mostSaid)
    })
    const kill = () => child.kill()
    signal.addEventListener('abort', kill)
    child.onExit(exit => {
      signal.removeEventListener('abort', kill)
      if (signal.aborted) reject(signal.reason)
      else if (exit.code === 0) resolve()
      else reject(new Error(said.trim() || `It ended with ${exit.code ?? exit.signal}.`))
    })
  })
}

export function readWords([file = '', dir = '', version, takenAt]: readonly string[]): BackupWords {
  return { file, dir, version: Number(version), takenAt: Number(takenAt) }
}
