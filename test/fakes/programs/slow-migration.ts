import { systemClock } from '../../../src/main/lib/clock.ts'
import { openStore } from '../../../src/main/store/index.ts'
import { createLogRecorder } from '../log.ts'
import { firstSteps } from '../migrations.ts'

/** Opens a store with one more step than it has, and waits in the middle of that step to be killed. */
const [, , file = ''] = process.argv

await openStore({
  file,
  clock: systemClock,
  log: createLogRecorder().log,
  migrations: [
    ...firstSteps,
    {
      version: 3,
      name: 'half done',
      up(sql) {
        sql('DROP TABLE shelf')
        sql(`INSERT INTO item (name) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 20000)
             SELECT 'half ' || i FROM n`)
        process.stdout.write('in the middle\n')
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
      },
    },
  ],
})
