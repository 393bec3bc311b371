import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import type { NoticeBoard } from '../../../src/main/contract/notice.ts'
import { logFileRoom } from '../../../src/main/engine/ground.ts'
import { tellOfGround } from '../../../src/main/engine/ground-notices.ts'
import { createLoggers } from '../../../src/main/lib/log.ts'
import { createLogRing } from '../../../src/main/lib/log-ring.ts'
import type { Recovery } from '../../../src/main/store/index.ts'
import { createFakeClock } from '../../fakes/clock.ts'
import { makeTempDir } from '../../fakes/temp-dir.ts'

async function setUp(recovery?: Recovery) {
  const dir = makeTempDir()
  const loggers = createLoggers({ level: 'info', clock: createFakeClock() })
  const logFile = logFileRoom({ dir, loggers, ring: createLogRing(10) })
  const told: Record<string, unknown>[] = []
  const notices: NoticeBoard = {
    raise: ({ sentence, params }) => told.push({ sentence, ...params }),
    withdraw: () => undefined,
  }
  await logFile.start?.()
  onTestFinished(() => logFile.stop?.())
  const tell = () => tellOfGround({ recovery, logFile }, notices)
  return {
    dir,
    log: loggers.for('test'),
    told,
    tell,
    turn: () => new Promise(resolve => setImmediate(resolve)),
  }
}

/** Something else stands where the log should be. */
const spoil = (dir: string) => mkdirSync(join(dir, 'gantry.log'))

it('nothing is told where all is well', async () => {
  const { log, told, tell, turn } = await setUp()
  tell()
  log.info('a line')
  await turn()
  expect(told).toEqual([])
})

it('a log that no longer reaches the disk is told once, before and after the owner could hear it', async () => {
  for (const isEarly of [true, false]) {
    const { dir, log, told, tell, turn } = await setUp()
    spoil(dir)
    if (isEarly) log.info('lost')
    tell()
    log.info('lost too')
    log.info('lost as well')
    await turn()
    expect(told).toEqual([{ sentence: 'log-lost' }])
  }
})

it.each<[Recovery, Record<string, unknown>]>([
  [
    { asideFile: 'a.damaged', backupAt: 5 },
    { sentence: 'store-restored', asideFile: 'a.damaged', backupAt: 5 },
  ],
  [
    { asideFile: 'a.damaged', backupAt: undefined },
    { sentence: 'store-begun-anew', asideFile: 'a.damaged' },
  ],
])('a database that was damaged is told with what is in use now', async (recovery, wanted) => {
  const { told, tell } = await setUp(recovery)
  tell()
  expect(told).toEqual([wanted])
})
