import { closeSync, fstatSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'
import type { LogSink } from './log.ts'

export interface LogFile extends LogSink {
  close(): void
}

/**
 * Appends lines to a file; past its limit the file becomes `.1`, what was `.1` becomes `.2`, and the oldest goes.
 * Writing is synchronous: the last line before a crash is the one that matters. A disk that is full or gone
 * costs lines, never the program; `onLost` is told once.
 */
export function createLogFile(options: {
  readonly file: string
  readonly limitBytes: number
  readonly keep: number
  readonly onLost: (thrown: unknown) => void
}): LogFile {
  const { file, limitBytes, keep } = options
  // Undefined while there is none: a closed number may already belong to another file.
  let handle: number | undefined
  let sizeBytes = 0
  let isClosed = false
  let hasComplained = false

  const open = () => {
    const opened = openSync(file, 'a', 0o600)
    sizeBytes = fstatSync(opened).size
    handle = opened
    return opened
  }
  const shut = () => {
    if (handle === undefined) return
    const old = handle
    handle = undefined
    sizeBytes = 0
    closeSync(old)
  }
  const rotate = () => {
    shut()
    rmSync(`${file}.${keep}`, { force: true })
    for (let age = keep - 1; age >= 1; age--) moveIfThere(`${file}.${age}`, `${file}.${age + 1}`)
    moveIfThere(file, `${file}.1`)
  }

  return {
    write(line) {
      if (isClosed) return
      try {
        const bytes = Buffer.from(line)
        if (sizeBytes > 0 && sizeBytes + bytes.byteLength > limitBytes) rotate()
        const written = writeSync(handle ?? open(), bytes)
        sizeBytes += written
      } catch (thrown) {
        if (hasComplained) return
        hasComplained = true
        options.onLost(thrown)
      }
    },
    close() {
      isClosed = true
      shut()
    },
  }
}

function moveIfThere(from: string, to: string): void {
  try {
    renameSync(from, to)
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== 'ENOENT') throw thrown
  }
}
