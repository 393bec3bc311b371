import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

/** A folder of this test's own, gone when the test is over. On a Mac the system's own lies behind a link. */
export function makeTempDir(): string {
  const dir = mkdtempSync(join(realpathSync(tmpdir()), 'gantry-test-'))
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }))
  return dir
}
