import { createReadStream } from 'node:fs'
import { lstat, readdir } from 'node:fs/promises'
import { basename, join } from 'node:path'

const mostFiles = 10_000

/** @typedef {{ name: string, sizeBytes: number, modifiedAt: number }} ShelfFile */

/**
 * One folder of files: no folders in it, no links out of it, nothing hidden.
 *
 * @param {string} folder
 */
export function createShelf(folder) {
  /**
   * @param {string} name
   * @returns {Promise<ShelfFile | undefined>}
   */
  async function find(name) {
    const isPlain = basename(name) === name && !name.startsWith('.') && !/[\\/\0]/.test(name)
    if (!isPlain) return undefined
    const found = await lstat(join(folder, name)).catch(() => undefined)
    if (!found?.isFile()) return undefined
    return { name, sizeBytes: found.size, modifiedAt: Math.round(found.mtimeMs) }
  }
  return {
    find,
    async list() {
      const names = (await readdir(folder)).sort().slice(0, mostFiles)
      const files = await Promise.all(names.map(find))
      return files.filter(file => file !== undefined)
    },
    /** @param {ShelfFile} file */
    read({ name, sizeBytes }) {
      // A file that grows meanwhile is sent as long as it was told to be.
      return sizeBytes === 0
        ? createReadStream(join(folder, name), { end: 0 })
        : createReadStream(join(folder, name), { end: sizeBytes - 1 })
    },
  }
}
