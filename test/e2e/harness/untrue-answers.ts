import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** What a Gantry started with `--check-results` said of its own answers. */
export async function untrueAnswers(dataDir: string): Promise<string[]> {
  // A start that was refused has no log.
  const log = await readFile(join(dataDir, 'gantry.log'), 'utf8').catch(() => '')
  return log.split('\n').filter(line => line.includes('an answer is not as documented'))
}
