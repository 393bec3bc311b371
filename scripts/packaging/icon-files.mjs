/** The containers that Windows and macOS want icons in, made of PNG pictures. */

/**
 * @typedef {ReadonlyMap<number, Uint8Array>} Pictures PNG pictures by their width in pixels.
 */

/** macOS names each picture by a four-letter type; the second half are the same sizes for double density. */
const ICNS_TYPES = /** @type {const} */ ([
  ['ic07', 128],
  ['ic08', 256],
  ['ic09', 512],
  ['ic11', 32],
  ['ic12', 64],
  ['ic13', 256],
  ['ic14', 512],
  ['ic10', 1024],
])
const ICO_SIZES = [16, 24, 32, 48, 64, 128, 256]

export const pictureSizes = [16, 24, 32, 48, 64, 128, 256, 512, 1024]

/** @param {Pictures} pictures */
export function icnsOf(pictures) {
  const chunks = ICNS_TYPES.map(([type, size]) => {
    const picture = pictureOf(pictures, size)
    const head = Buffer.alloc(8)
    head.write(type, 0, 'latin1')
    head.writeUInt32BE(picture.length + head.length, 4)
    return Buffer.concat([head, picture])
  })
  const body = Buffer.concat(chunks)
  const head = Buffer.alloc(8)
  head.write('icns', 0, 'latin1')
  head.writeUInt32BE(body.length + head.length, 4)
  return Buffer.concat([head, body])
}

/** @param {Pictures} pictures */
export function icoOf(pictures) {
  const head = Buffer.alloc(6)
  head.writeUInt16LE(1, 2)
  head.writeUInt16LE(ICO_SIZES.length, 4)
  let at = head.length + ICO_SIZES.length * 16
  const entries = ICO_SIZES.map(size => {
    const { length } = pictureOf(pictures, size)
    const entry = Buffer.alloc(16)
    // 256 does not fit into a byte and is written as 0.
    entry.writeUInt8(size % 256, 0)
    entry.writeUInt8(size % 256, 1)
    entry.writeUInt16LE(1, 4)
    entry.writeUInt16LE(32, 6)
    entry.writeUInt32LE(length, 8)
    entry.writeUInt32LE(at, 12)
    at += length
    return entry
  })
  return Buffer.concat([head, ...entries, ...ICO_SIZES.map(size => pictureOf(pictures, size))])
}

/**
 * @param {Pictures} pictures
 * @param {number} size
 */
function pictureOf(pictures, size) {
  const picture = pictures.get(size)
  if (!picture) throw new Error(`There is no picture of ${size} pixels.`)
  return picture
}
