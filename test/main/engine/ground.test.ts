import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { storeRoom } from '../../../src/main/engine/ground.ts'
import type { ChildOptions, ChildProcess } from '../../../src/main/lib/child-process.ts'
import { createLoggers } from '../../../src/main/lib/log.ts'
import { migrations } from '../../../src/main/store/index.ts'
import { createFakeClock } from '../../fakes/clock.ts'
import { createTestPlatform } from '../../fakes/platform.ts'
import { makeTempDir } from '../../fakes/temp-dir.ts'

const minuteMs = 60_000

/** The room of the store, and what it starts; each ends well at once. */
async function startStore(data: string) {
  const clock = createFakeClock()
  const started: { readonly module: string; readonly options: ChildOptions }[] = []
  const child: ChildProcess = {
    pid: undefined,
    send: () => undefined,
    onMessage: () => () => undefined,
    onOutput: () => () => undefined,
    onExit(listener) {
      listener({ code: 0, signal: undefined })
      return () => undefined
    },
    kill: () => undefined,
  }
  const fork = (module: string, options: ChildOptions) => {
    started.push({ module, options })
    return child
  }
  const platform = createTestPlatform(data, { clock, processes: { fork } })
  const room = storeRoom(platform, createLoggers({ level: 'error', clock }))
  await room.start()
  onTestFinished(() => room.stop())
  return { clock, started, room }
}

it('the daily backup is taken by the built program, apart from the terminal of Gantry', async () => {
  const data = makeTempDir()
  const program = join(data, 'store-backup.js')
  writeFileSync(program, '')
  const { clock, started } = await startStore(data)
  await clock.advance(minuteMs)
  const version = String(migrations.at(-1)?.version)
  const args = [join(data, 'gantry.sqlite'), join(data, 'backups'), version, String(clock.now())]
  expect(started).toEqual([{ module: program, options: { args, name: 'Gantry backup', ownSession: true } }])
})

it('run from source, where no program is built, the engine takes it', async () => {
  const data = makeTempDir()
  const { clock, started } = await startStore(data)
  await clock.advance(minuteMs)
  expect(started).toEqual([])
  expect(existsSync(join(data, 'backups'))).toBe(true)
})

it('the store has stopped when its file is one and closed', async () => {
  const data = makeTempDir()
  const { room } = await startStore(data)
  expect(existsSync(join(data, 'gantry.sqlite-wal'))).toBe(true)
  await room.stop()
  expect(existsSync(join(data, 'gantry.sqlite-wal'))).toBe(false)
  expect(() => room.held()).toThrow('only while it runs')
})
