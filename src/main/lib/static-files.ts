import { open } from 'node:fs/promises'
import { extname, join } from 'node:path'

/** How the build packs a copy of a file beside it. */
export type Encoding = 'br' | 'gzip'

export interface StaticFile {
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly contentType: string
  readonly cacheControl: string
  /** The same for as long as the file is. */
  readonly etag: string
  /** Absent where the bytes are as they are. */
  readonly encoding?: Encoding
}

/** The files of a built page. Nothing outside the folder and nothing hidden can be named. */
export interface StaticFiles {
  /**
   * @param path a URL's path as it came, `/` for the page itself; undefined when there is no such file.
   * @param accepts what the reader can unpack, the best first.
   */
  read(path: string, accepts?: readonly Encoding[]): Promise<StaticFile | undefined>
}

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.webmanifest': 'application/manifest+json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
  '.txt': 'text/plain; charset=utf-8',
}

// The build names its files like this. No dot in front, no escape, no backslash, no drive: what does not match is
// not decoded or repaired, so there is nothing to get wrong.
const plainSegment = /^[A-Za-z0-9_~@-][A-Za-z0-9._~@-]*$/
const PATH_LIMIT_CHARS = 512

const packedEndings: Readonly<Record<Encoding, string>> = { br: '.br', gzip: '.gz' }

export function createStaticFiles(dir: string): StaticFiles {
  return {
    async read(path, accepts = []) {
      const segments = segmentsOf(path === '/' ? '/index.html' : path)
      const name = segments?.at(-1)
      const contentType = name === undefined ? undefined : contentTypes[extname(name)]
      if (!segments || contentType === undefined) return undefined
      const file = join(dir, ...segments)
      const about = { contentType, cacheControl: cacheControlOf(segments) }
      for (const encoding of accepts) {
        const packed = await readWhole(file + packedEndings[encoding])
        if (packed) return { ...packed, ...about, encoding }
      }
      const plain = await readWhole(file)
      return plain && { ...plain, ...about }
    },
  }
}

async function readWhole(file: string): Promise<Pick<StaticFile, 'bytes' | 'etag'> | undefined> {
  try {
    const opened = await open(file)
    try {
      const { mtimeMs, size } = await opened.stat()
      return { bytes: await opened.readFile(), etag: `"${Math.round(mtimeMs).toString(36)}-${size}"` }
    } finally {
      await opened.close()
    }
  } catch (thrown) {
    if (isAbsent(thrown)) return undefined
    throw thrown
  }
}

function segmentsOf(path: string): string[] | undefined {
  if (path.length > PATH_LIMIT_CHARS || !path.startsWith('/')) return undefined
  const segments = path.slice(1).split('/')
  return segments.every(segment => plainSegment.test(segment)) ? segments : undefined
}

/** The build puts a hash of the content into the name of everything under `assets`. */
const cacheControlOf = (segments: readonly string[]) =>
  segments[0] === 'assets' ? 'public, max-age=31536000, immutable' : 'no-cache'

const absentCodes = ['ENOENT', 'ENOTDIR', 'EISDIR', 'ENAMETOOLONG']
const isAbsent = (thrown: unknown) =>
  thrown instanceof Error && 'code' in thrown && absentCodes.includes(String(thrown.code))
