/** Where OctoPrint keeps a file: on its own disk, or on the card of its printer (`printer` since 2.0). */
export interface Place {
  readonly origin: string
  readonly path: string
}

const ownDisk = 'local'
/** OctoPrint takes no colon into a name of its own disk, so that no file there looks like one of a card. */
const elsewhere = /^(sdcard|printer):(.*)$/s

/** A file by one name: the same name on the disk and on the card are two. */
export function nameOfPlace({ origin, path }: Place): string {
  return origin === ownDisk ? path : `${origin}:${path}`
}

export function placeOf(name: string): Place {
  const [, origin = ownDisk, path = name] = elsewhere.exec(name) ?? []
  return { origin, path }
}

/** OctoPrint's address of it. */
export function addressOfPlace({ origin, path }: Place): string {
  return `api/files/${origin}/${path.split('/').map(encodeURIComponent).join('/')}`
}

/** As a job names its file: of one that nobody placed, it is the disk's. */
export function nameOfFile(file: {
  readonly origin?: string | null | undefined
  readonly path?: string | null | undefined
}): string | undefined {
  if (!file.path) return undefined
  return nameOfPlace({ origin: file.origin || ownDisk, path: file.path })
}
