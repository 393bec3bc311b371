import type { Readable } from 'node:stream'
import { GantryError } from '../../../../contract/error.ts'
import { commandOf } from './gcode-line.ts'

/** Enough for half a minute of short moves, and a few hundred kilobytes at the most. */
const LOOK_AHEAD_LINES = 4_096
const LINE_LIMIT_BYTES = 64 * 1024
const LF = 0x0a

export interface FeedLine {
  readonly command: string
  /** The offset in the file just after this line. */
  readonly endByte: number
  /** As an editor counts them. */
  readonly fileLine: number
}

/** The commands of a file, read ahead within bounds and no further than they are taken. */
export interface GcodeFeed {
  peek(): FeedLine | undefined
  take(): void
  /** True when the file is read and every line of it taken. */
  readonly ended: boolean
  readonly error: GantryError | undefined
  /** Lines waiting to be taken. */
  readonly ahead: number
  close(): void
}

export function createGcodeFeed(open: () => Readable, onMore: () => void): GcodeFeed {
  let queue: FeedLine[] = []
  let head = 0
  let atByte = 0
  let fileLine = 0
  let cut: Buffer = Buffer.alloc(0)
  let over = false
  let paused = false
  let error: GantryError | undefined

  const stream = open()

  const add = (bytes: Buffer, endByte: number) => {
    fileLine += 1
    const command = commandOf(bytes.toString('utf8'))
    if (command !== '') queue.push({ command, endByte, fileLine })
  }
  const fail = (reason: GantryError) => {
    error ??= reason
    over = true
    stream.destroy()
    onMore()
  }

  stream.on('data', (chunk: Buffer) => {
    const bytes = cut.length === 0 ? chunk : Buffer.concat([cut, chunk])
    let from = 0
    for (let at = bytes.indexOf(LF); at >= 0; at = bytes.indexOf(LF, from)) {
      add(bytes.subarray(from, at), atByte + at + 1)
      from = at + 1
    }
    atByte += from
    cut = Buffer.from(bytes.subarray(from))
    if (cut.length > LINE_LIMIT_BYTES) fail(notGcode(fileLine + 1))
    else if (queue.length - head >= LOOK_AHEAD_LINES) {
      paused = true
      stream.pause()
    }
    onMore()
  })
  stream.on('end', () => {
    if (cut.length > 0) add(cut, atByte + cut.length)
    over = true
    onMore()
  })
  stream.on('error', cause => fail(unreadable(cause)))

  return {
    peek: () => queue[head],
    take() {
      head += 1
      if (paused && queue.length - head < LOOK_AHEAD_LINES / 2) {
        paused = false
        stream.resume()
      }
      if (head * 2 < LOOK_AHEAD_LINES) return
      queue = queue.slice(head)
      head = 0
    },
    get ended() {
      return over && head >= queue.length && error === undefined
    },
    get error() {
      return error
    },
    get ahead() {
      return queue.length - head
    },
    close() {
      over = true
      queue = []
      head = 0
      stream.destroy()
    },
  }
}

function notGcode(fileLine: number): GantryError {
  return new GantryError('file.unreadable', `Line ${fileLine} of the file has no end: this is not G-code.`, {
    fileLine,
  })
}

function unreadable(cause: Error): GantryError {
  return new GantryError(
    'file.unreadable',
    'The file can no longer be read. Is its disk still there?',
    {},
    cause,
  )
}
