import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { root } from './build.ts'
import { environment } from './window.ts'

const run = promisify(execFile)

/** `gantry …` as a person types it, against the Gantry of this data folder. Resolves with what it printed. */
export async function gantry(dataDir: string, ...argv: readonly string[]): Promise<string> {
  const words = [join(root, 'out/main/cli.js'), ...argv, `--data-dir=${dataDir}`]
  const { stdout } = await run(process.execPath, words, { env: environment() })
  return stdout
}

/** Waits for the next question an application asks, and answers it. */
export async function answerNext(dataDir: string, decision: 'allow' | 'once' | 'deny'): Promise<void> {
  const [question] = JSON.parse(await gantry(dataDir, 'approve', '--wait', '--json'))
  await gantry(dataDir, 'approve', `--${decision}=${question.id}`)
}
