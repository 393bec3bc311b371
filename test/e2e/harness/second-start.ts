import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { electronSwitches } from '../../../scripts/bootstrap/launch.mjs'
import { root, runtime } from './build.ts'
import { environment, type GantryWindow } from './window.ts'

/** Gantry started once more on the same folder, as the system does to hand over a `gotapi://` link. */
export async function startAgain(
  { dataDir, screen }: GantryWindow,
  ...words: readonly string[]
): Promise<{ readonly code: number | null; readonly said: string }> {
  const { path, args } = runtime()
  const switches = electronSwitches({ platform: process.platform, uid: process.getuid?.() })
  const second = spawn(path, [...args, ...switches, '--disable-gpu', `--data-dir=${dataDir}`, ...words], {
    cwd: root,
    env: { ...environment(), ...screen },
  })
  let said = ''
  second.stdout.on('data', chunk => {
    said += chunk
  })
  const [code] = await once(second, 'close')
  return { code: code as number | null, said }
}
