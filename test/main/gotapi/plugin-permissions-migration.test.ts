import { expect, it, onTestFinished } from 'vitest'
import { z } from 'zod'
import { migrations, openStore } from '../../../src/main/store/index.ts'
import { createFakeClock } from '../../fakes/clock.ts'
import { createLogRecorder } from '../../fakes/log.ts'
import { makeTempDir } from '../../fakes/temp-dir.ts'

it('whoever was let in before plug-ins were asked about is known: the owner’s own as invited, apps as apps', async () => {
  const file = `${makeTempDir()}/test.sqlite`
  const deps = { file, clock: createFakeClock(), log: createLogRecorder().log }
  const before = await openStore({ ...deps, migrations: migrations.filter(({ version }) => version < 6) })
  for (const [id, scope] of [
    ['window', '*'],
    ['app', 'clock'],
  ] as const) {
    before.store.run('INSERT INTO client VALUES (?, ?, ?, ?, ?, NULL, 0, 0)', [
      id,
      `http://${id}`,
      '',
      id,
      id,
    ])
    before.store.run('INSERT INTO client_scope VALUES (?, ?, 1)', [id, scope])
  }
  await before.close()
  const after = await openStore({ ...deps, migrations })
  onTestFinished(() => after.close())
  const row = z.object({ id: z.string(), invited: z.number() })
  expect(after.store.all('SELECT id, invited FROM client ORDER BY id', [], row)).toEqual([
    { id: 'app', invited: 0 },
    { id: 'window', invited: 1 },
  ])
})
