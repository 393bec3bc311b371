import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { isGantryError } from '../contract/error.ts'
import { type Manifest, parseManifest } from './manifest.ts'

const largestManifestBytes = 262_144

/** What lies in one folder of `<data>/plugins`. */
export type Found =
  | { readonly id: string; readonly folder: string; readonly manifest: Manifest }
  | { readonly id: string; readonly folder: string; readonly problem: string }

/** Reads every plug-in's manifest; a bad one is reported, never run (gotapi 7.6). No folder: no plug-ins. */
export async function readPluginFolder(dir: string, ownProfiles: readonly string[]): Promise<Found[]> {
  const entries = await readdir(dir, { withFileTypes: true }).catch(() => [])
  const folders = entries.filter(entry => entry.isDirectory() && !entry.name.startsWith('.'))
  const found = await Promise.all(folders.map(({ name }) => readOne(join(dir, name), name, ownProfiles)))
  return found.sort((a, b) => (a.id < b.id ? -1 : 1))
}

async function readOne(folder: string, id: string, ownProfiles: readonly string[]): Promise<Found> {
  try {
    const file = join(folder, 'plugin.json')
    const { size } = await stat(file)
    if (size > largestManifestBytes)
      return { id, folder, problem: `${id}/plugin.json is larger than 256 kB.` }
    const manifest = parseManifest(await readFile(file, 'utf8'), id, ownProfiles)
    const main = await stat(join(folder, manifest.main)).catch(() => undefined)
    if (!main?.isFile())
      return {
        id,
        folder,
        problem: `${id}/plugin.json is not right: main: there is no file "${manifest.main}" in the folder.`,
      }
    return { id, folder, manifest }
  } catch (thrown) {
    if (isGantryError(thrown, 'plugin.invalid')) return { id, folder, problem: thrown.message }
    return { id, folder, problem: `${id}/plugin.json is missing or cannot be read.` }
  }
}
