import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Puts a plug-in of this code into the folder of plug-ins. */
export function writePlugin(dir: string, id: string, code = '', more: object = {}): string {
  const folder = join(dir, id)
  mkdirSync(folder, { recursive: true })
  const manifest = {
    id,
    name: id,
    version: '1.0.0',
    main: 'plugin.mjs',
    services: [{ serviceId: 'one', name: id, online: true }],
    profiles: { [id]: { swagger: '2.0', info: { title: id, version: '1' }, paths: {} } },
    ...more,
  }
  writeFileSync(join(folder, 'plugin.json'), JSON.stringify(manifest))
  writeFileSync(join(folder, manifest.main), code)
  return folder
}

/** What the system does not let even its administrator read: a link that leads to itself. */
export function block(path: string): () => void {
  renameSync(path, `${path}-aside`)
  symlinkSync(path, path)
  return () => {
    rmSync(path)
    renameSync(`${path}-aside`, path)
  }
}
