import { createReadStream, createWriteStream } from 'node:fs'
import { mkdir, open, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { GantryError } from '../contract/error.ts'
import type { Bytes } from '../handlers/bytes.ts'
import type { Clock } from '../lib/clock.ts'
import type { Dispose } from '../lib/dispose.ts'

/** A file on its way in. */
export interface Upload {
  readonly id: string
  readonly name: string
  readonly sizeBytes: number
  readonly receivedBytes: number
  /** Where its bytes lie, once they are whole. */
  readonly path: string
}

export interface Uploads {
  /** @param owner who may send its bytes and use it: an application's origin. */
  begin(owner: string, file: { readonly name: string; readonly sizeBytes: number }): Promise<Upload>
  /** Throws `file.unknown`. */
  find(owner: string, id: string): Upload
  bytes(owner: string, id: string): Bytes
  isThere(id: string): boolean
  /** Of what arrived nothing stays. */
  remove(id: string): Promise<void>
  /** It belongs to the taker from now on, however long that is. Throws `file.unknown`. */
  take(owner: string, id: string): TakenFile
}

/** A file that came whole and is nobody else's any more. */
export interface TakenFile {
  readonly name: string
  readonly sizeBytes: number
  readonly path: string
  /** Nobody reads it any more: it goes. */
  release(): Promise<void>
}

const mostUploads = 20
/** A file whose owner went away in the middle does not lie around. */
const lifeMs = 3_600_000
const ending = '.part'

interface Entry {
  readonly owner: string
  readonly upload: Upload & { receivedBytes: number }
  stopTimer: Dispose
}

/** Files that arrive piece by piece wait on disk, never in memory, and begin anew with Gantry. */
export function createUploads({
  clock,
  dir,
  uuid,
}: {
  readonly clock: Clock
  readonly dir: string
  readonly uuid: () => string
}) {
  const entries = new Map<string, Entry>()

  const entryOf = (owner: string, id: string): Entry => {
    const entry = entries.get(id)
    if (entry?.owner === owner) return entry
    throw new GantryError('file.unknown', 'This upload is not known, or took too long.')
  }

  /** As long as something comes it is not forgotten. */
  const live = (entry: Entry) => {
    entry.stopTimer()
    entry.stopTimer = clock.after(lifeMs, 'files: an upload', () => {
      // What cannot be removed now goes when Gantry starts the next time.
      remove(entry.upload.id).catch(() => {})
    })
  }

  async function remove(id: string): Promise<void> {
    const entry = entries.get(id)
    if (!entry) return
    entries.delete(id)
    entry.stopTimer()
    await rm(entry.upload.path, { force: true })
  }

  async function append(entry: Entry, source: Readable): Promise<number> {
    const { upload } = entry
    const start = upload.receivedBytes
    const missing = upload.sizeBytes - start
    const sink = createWriteStream(upload.path, { flags: 'r+', start })
    try {
      await pipeline(
        source,
        async function* (chunks: AsyncIterable<Buffer>) {
          let sum = 0
          for await (const chunk of chunks) {
            sum += chunk.length
            if (sum > missing) {
              throw new GantryError('bytes.too-many', `Only ${missing} bytes are missing.`, { missing })
            }
            yield chunk
          }
        },
        sink,
      )
    } finally {
      // What was written is there, however the way of it ended.
      upload.receivedBytes = start + sink.bytesWritten
      if (entries.get(upload.id) === entry) live(entry)
    }
    return upload.receivedBytes
  }

  const uploads: Uploads = {
    async begin(owner, { name, sizeBytes }) {
      if (entries.size >= mostUploads) {
        throw new GantryError('printer.busy', 'Too many files are on their way already.')
      }
      const id = uuid()
      const path = join(dir, `${id}${ending}`)
      await mkdir(dir, { recursive: true })
      await (await open(path, 'wx', 0o600)).close()
      const entry: Entry = {
        owner,
        upload: { id, name, sizeBytes, receivedBytes: 0, path },
        stopTimer: () => {},
      }
      entries.set(id, entry)
      live(entry)
      return entry.upload
    },
    find: (owner, id) => entryOf(owner, id).upload,
    bytes(owner, id) {
      const entry = entryOf(owner, id)
      const { upload } = entry
      return {
        sizeBytes: upload.sizeBytes,
        receivedBytes: upload.receivedBytes,
        contentType: 'application/octet-stream',
        fileName: upload.name,
        etag: `"${id}"`,
        read: (start, end) => createReadStream(upload.path, { start, end: end - 1 }),
        append: source => append(entry, source),
        remove: () => remove(id),
      }
    },
    isThere: id => entries.has(id),
    remove,
    take(owner, id) {
      const entry = entryOf(owner, id)
      entries.delete(id)
      entry.stopTimer()
      const { name, sizeBytes, path } = entry.upload
      return { name, sizeBytes, path, release: () => rm(path, { force: true }) }
    },
  }

  return {
    uploads,
    /** What an earlier Gantry left in the middle nobody can go on with. */
    async start(): Promise<void> {
      await mkdir(dir, { recursive: true, mode: 0o700 })
      for (const name of await readdir(dir)) {
        if (name.endsWith(ending)) await rm(join(dir, name), { force: true })
      }
    },
    async stop(): Promise<void> {
      for (const id of [...entries.keys()]) await remove(id)
    },
  }
}
