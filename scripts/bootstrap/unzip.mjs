import { createReadStream, createWriteStream } from 'node:fs'
import { mkdir, open, symlink } from 'node:fs/promises'
import { dirname, resolve, sep } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createInflateRaw } from 'node:zlib'
import { problem } from './problem.mjs'

/**
 * Unpacks parts of a big zip file without holding it in memory, with nothing but Node: the bootstrap runs before
 * any package is there to rely on. It reads ordinary archives (stored or deflated, under 4 GiB), no more.
 *
 * @typedef {object} Entry
 * @property {string} name
 * @property {number} method
 * @property {number} mode The Unix permission and type bits, 0 if the archive has none.
 * @property {number} packedBytes
 * @property {number} headerAt
 */

const END_SIGNATURE = 0x06054b50
const ENTRY_SIGNATURE = 0x02014b50
const END_BYTES = 22
const LONGEST_COMMENT = 0xffff
const TYPE_MASK = 0o170000
const TYPE_LINK = 0o120000

/**
 * @param {string} zipPath
 * @param {string} target
 * @param {{ wanted: (name: string) => string | undefined, signal?: AbortSignal | undefined }} options `wanted` maps an archive name to
 *   the path to write below `target`, or undefined to leave it out.
 * @returns {Promise<number>} how many files were written
 */
export async function unzip(zipPath, target, { wanted, signal }) {
  const file = await open(zipPath, 'r')
  try {
    let written = 0
    for (const entry of await readEntries(file)) {
      signal?.throwIfAborted()
      const path = entry.name.endsWith('/') ? undefined : wanted(entry.name)
      if (path === undefined) continue
      await unpack(zipPath, file, entry, inside(target, path))
      written += 1
    }
    return written
  } finally {
    await file.close()
  }
}

/**
 * @param {string} target
 * @param {string} path
 */
function inside(target, path) {
  const full = resolve(target, path)
  if (!full.startsWith(resolve(target) + sep))
    throw problem(
      'integrity',
      `The archive wants to write outside its folder (${path}), so it was not unpacked.`,
    )
  return full
}

/**
 * @param {import('node:fs/promises').FileHandle} file
 * @returns {Promise<Entry[]>}
 */
async function readEntries(file) {
  const { size } = await file.stat()
  const tail = await readAt(
    file,
    Math.max(0, size - END_BYTES - LONGEST_COMMENT),
    Math.min(size, END_BYTES + LONGEST_COMMENT),
  )
  let end = tail.length - END_BYTES
  while (end >= 0 && tail.readUInt32LE(end) !== END_SIGNATURE) end -= 1
  if (end < 0) throw damaged()
  const listBytes = tail.readUInt32LE(end + 12)
  const listAt = tail.readUInt32LE(end + 16)
  if (listAt + listBytes > size) throw damaged()
  return parseList(await readAt(file, listAt, listBytes))
}

/**
 * @param {Buffer} list
 * @returns {Entry[]}
 */
function parseList(list) {
  const entries = []
  let at = 0
  while (at + 46 <= list.length) {
    if (list.readUInt32LE(at) !== ENTRY_SIGNATURE) throw damaged()
    const nameBytes = list.readUInt16LE(at + 28)
    entries.push({
      name: list.toString('utf8', at + 46, at + 46 + nameBytes),
      method: list.readUInt16LE(at + 10),
      mode: list.readUInt32LE(at + 38) >>> 16,
      packedBytes: list.readUInt32LE(at + 20),
      headerAt: list.readUInt32LE(at + 42),
    })
    at += 46 + nameBytes + list.readUInt16LE(at + 30) + list.readUInt16LE(at + 32)
  }
  return entries
}

/**
 * @param {string} zipPath
 * @param {import('node:fs/promises').FileHandle} file
 * @param {Entry} entry
 * @param {string} path
 */
async function unpack(zipPath, file, entry, path) {
  // The local header may carry another extra field than the list, so its own lengths count.
  const header = await readAt(file, entry.headerAt, 30)
  const start = entry.headerAt + 30 + header.readUInt16LE(26) + header.readUInt16LE(28)
  await mkdir(dirname(path), { recursive: true })
  if ((entry.mode & TYPE_MASK) === TYPE_LINK) {
    await symlink((await readAt(file, start, entry.packedBytes)).toString('utf8'), path)
    return
  }
  const out = createWriteStream(path, { mode: entry.mode & 0o777 || 0o644 })
  const packed =
    entry.packedBytes === 0
      ? Readable.from([])
      : createReadStream(zipPath, { start, end: start + entry.packedBytes - 1, highWaterMark: 1 << 20 })
  if (entry.method === 0) await pipeline(packed, out)
  else if (entry.method === 8) await pipeline(packed, createInflateRaw({ chunkSize: 1 << 18 }), out)
  else throw damaged()
}

/**
 * @param {import('node:fs/promises').FileHandle} file
 * @param {number} position
 * @param {number} length
 */
async function readAt(file, position, length) {
  const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(length), position, length })
  if (bytesRead < length) throw damaged()
  return buffer
}

const damaged = () => problem('integrity', 'The downloaded archive is damaged. Start again to fetch it anew.')
