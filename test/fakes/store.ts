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

/** Set a fault, and nothing is written any more until it is taken away. */
export interface DiskOfTest {
  fault: Error | undefined
}

/** As SQLite on a full or locked disk: what stands can be read, and a transaction fails when it is to be kept. */
export function refusable(store: Store, disk: DiskOfTest): Store {
  let depth = 0
  const keep = () => {
    if (depth === 0 && disk.fault) throw disk.fault
  }
  return {
    ...store,
    run(sql, params) {
      keep()
      return store.run(sql, params)
    },
    transaction: work =>
      store.transaction(() => {
        depth += 1
        try {
          return work()
        } finally {
          depth -= 1
          keep()
        }
      }),
  }
}
