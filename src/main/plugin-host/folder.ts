import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { GantryError, isGantryError } from '../contract/error.ts'
import { type Manifest, parseManifest } from './manifest.ts'

const largestManifestBytes = 262_144

/** What lies in one folder of `<data>/plugins`. `unread`: the disk or the system kept us from looking. */
export type Found =
  | { readonly id: string; readonly folder: string; readonly manifest: Manifest }
  | { readonly id: string; readonly folder: string; readonly problem: string; readonly unread: boolean }

/**
 * Reads every plug-in's manifest; a bad one is reported, never run (gotapi 7.6). Only a folder that does not exist
 * holds no plug-ins: one that cannot be read throws `plugin.unreadable`, as nobody can say then what is in it.
 */
export async function readPluginFolder(dir: string, ownProfiles: readonly string[]): Promise<Found[]> {
  const entries = await readdir(dir, { withFileTypes: true }).catch((thrown: unknown) => {
    if (isAbsent(thrown)) return []
    throw new GantryError(
      'plugin.unreadable',
      `The folder of plug-ins ${dir} cannot be read, so that nothing about them was changed: ${wordsOf(thrown)}.`,
      { dir },
      thrown,
    )
  })
  const folders = entries.filter(entry => entry.isDirectory() && !entry.name.startsWith('.'))
  const found = await Promise.all(folders.map(({ name }) => readOne(join(dir, name), name, ownProfiles)))
  return found.sort((a, b) => (a.id < b.id ? -1 : 1))
}

async function readOne(folder: string, id: string, ownProfiles: readonly string[]): Promise<Found> {
  const place = { id, folder }
  try {
    const file = join(folder, 'plugin.json')
    const { size } = await stat(file)
    if (size > largestManifestBytes)
      return { ...place, problem: `${id}/plugin.json is larger than 256 kB.`, unread: false }
    const manifest = parseManifest(await readFile(file, 'utf8'), id, ownProfiles)
    const main = await stat(join(folder, manifest.main)).catch((thrown: unknown) => {
      if (isAbsent(thrown)) return undefined
      throw thrown
    })
    if (main?.isFile()) return { ...place, manifest }
    const problem = `${id}/plugin.json is not right: main: there is no file "${manifest.main}" in the folder.`
    return { ...place, problem, unread: false }
  } catch (thrown) {
    if (isGantryError(thrown, 'plugin.invalid')) return { ...place, problem: thrown.message, unread: false }
    if (isAbsent(thrown)) return { ...place, problem: `${id}/plugin.json is missing.`, unread: false }
    return { ...place, problem: `${id} cannot be read: ${wordsOf(thrown)}.`, unread: true }
  }
}

const isAbsent = (thrown: unknown) => ['ENOENT', 'ENOTDIR'].includes(codeOf(thrown))
const codeOf = (thrown: unknown) => (thrown instanceof Error && 'code' in thrown ? String(thrown.code) : '')
const wordsOf = (thrown: unknown) => codeOf(thrown) || 'the system did not say why'
