import type { Readable } from 'node:stream'
import { GantryError } from '../../../../contract/error.ts'
import { commandOf } from './gcode-line.ts'

/** Half a minute of the shortest moves a printer can take, whatever the disk does meanwhile. */
const LOOK_AHEAD_BYTES = 512 * 1024
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
  /** What is read and not taken yet. */
  readonly aheadBytes: number
  close(): void
}

/**
 * What is read ahead stays as it was read; a line becomes text when its turn comes. Thousands of lines kept as objects
 * would each be moved about by the garbage collector before they are used once.
 */
export function createGcodeFeed(open: () => Readable, onMore: () => void): GcodeFeed {
  let chunks: Buffer[] = []
  /** Where the next line begins in the first chunk. */
  let from = 0
  let aheadBytes = 0
  let atByte = 0
  let fileLine = 0
  /** Seen by `peek` and not taken yet. */
  let upcoming: FeedLine | undefined
  let over = false
  let paused = false
  let error: GantryError | undefined

  const stream = open()

  const fail = (reason: GantryError) => {
    error ??= reason
    over = true
    chunks = []
    stream.destroy()
  }
  /** The next line without its end, or undefined while the file has not been read that far. */
  const nextBytes = (): Buffer | undefined => {
    const [first] = chunks
    if (first === undefined) return undefined
    const end = first.indexOf(LF, from)
    if (end >= 0) return cut(first, end, end + 1)
    if (first.length - from > LINE_LIMIT_BYTES) {
      fail(notGcode(fileLine + 1))
      return undefined
    }
    if (chunks.length > 1) {
      join()
      return nextBytes()
    }
    return over ? cut(first, first.length, first.length) : undefined
  }
  const cut = (chunk: Buffer, end: number, next: number): Buffer => {
    const bytes = chunk.subarray(from, end)
    aheadBytes -= next - from
    atByte += next - from
    from = next
    if (from < chunk.length) return bytes
    chunks.shift()
    from = 0
    return bytes
  }
  /** A line that lies in two chunks lies in one after this. */
  const join = () => {
    const [first, second, ...others] = chunks
    if (first === undefined || second === undefined) return
    chunks = [Buffer.concat([first.subarray(from), second]), ...others]
    from = 0
  }
  const flow = () => {
    if (over || aheadBytes >= LOOK_AHEAD_BYTES === paused) return
    if (!paused) stream.pause()
    else if (aheadBytes < LOOK_AHEAD_BYTES / 2) stream.resume()
    else return
    paused = !paused
  }

  stream.on('data', (chunk: Buffer) => {
    chunks.push(chunk)
    aheadBytes += chunk.length
    flow()
    onMore()
  })
  stream.on('end', () => {
    over = true
    onMore()
  })
  stream.on('error', cause => {
    fail(unreadable(cause))
    onMore()
  })

  const look = (): FeedLine | undefined => {
    for (let bytes = nextBytes(); bytes; bytes = nextBytes()) {
      fileLine += 1
      const command = commandOf(bytes.toString('utf8'))
      if (command !== '') return { command, endByte: atByte, fileLine }
    }
    return undefined
  }
  return {
    peek() {
      upcoming ??= look()
      return upcoming
    },
    take() {
      upcoming = undefined
      flow()
    },
    get ended() {
      return over && error === undefined && chunks.length === 0 && upcoming === undefined
    },
    get error() {
      return error
    },
    get aheadBytes() {
      return aheadBytes
    },
    close() {
      over = true
      chunks = []
      upcoming = undefined
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
