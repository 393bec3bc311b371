import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { Clock } from '../../src/main/lib/clock.ts'
import { migrations, openStore, type Store } from '../../src/main/store/index.ts'
import { createLogRecorder } from './log.ts'
import { makeTempDir } from './temp-dir.ts'

/** A real database with Gantry's whole schema, in a folder of the test's own. */
export async function openTestStore(clock: Clock): Promise<Store> {
  const file = join(makeTempDir(), 'gantry.sqlite')
  const { store, close } = await openStore({ file, clock, log: createLogRecorder().log, migrations })
  onTestFinished(close)
  return store
}
