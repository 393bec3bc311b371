import { expect, it, onTestFinished } from 'vitest'
import { z } from 'zod'
import { migrations, openStore } from '../../../src/main/store/index.ts'
import { createFakeClock } from '../../fakes/clock.ts'
import { createLogRecorder } from '../../fakes/log.ts'
import { makeTempDir } from '../../fakes/temp-dir.ts'

const any = z.record(z.string(), z.unknown())
const upTo = (last: number) => migrations.filter(({ version }) => version <= last)

it('whoever was let in before it was kept by which way they call stays let in, on the way they most likely came by', async () => {
  const file = `${makeTempDir()}/test.sqlite`
  const deps = { file, clock: createFakeClock(), log: createLogRecorder().log }
  const before = await openStore({ ...deps, migrations: upTo(11) })
  const run = (sql: string, params: readonly (string | number | null)[]) => before.store.run(sql, params)
  const clients = [
    ['window', 'app://gantry', 'main', 1],
    ['phone', 'https://192.168.0.7:4036', 'd1-abcdef', 1],
    ['browser', 'http://localhost:4035', 'd2-abcdef', 1],
    ['cli', 'gantry://cli', '', 1],
    ['app', 'https://board.example', '', 0],
  ] as const
  for (const [id, origin, device, invited] of clients) {
    run('INSERT INTO client VALUES (?, ?, ?, ?, ?, ?, 11, 22, ?)', [
      id,
      origin,
      device,
      `The ${id}`,
      `hash ${id}`,
      id === 'app' ? 'key' : null,
      invited,
    ])
    run('INSERT INTO client_scope VALUES (?, ?, ?)', [id, 'clock', 33])
    run('INSERT INTO client_use VALUES (?, ?, ?)', [id, '2030-01-01', 44])
    run('INSERT INTO client_plugin VALUES (?, ?, ?, ?, ?)', [id, 'echo', 'Echo', 'echo 1', 55])
  }
  await before.close()

  const after = await openStore({ ...deps, migrations: upTo(12) })
  onTestFinished(() => after.close())
  const rows = (sql: string) => after.store.all(sql, [], any)
  const vias = { window: 'inside', phone: 'lan', browser: 'loopback', cli: 'loopback', app: 'loopback' }
  const sorted = [...clients].sort(([a], [b]) => (a < b ? -1 : 1))
  expect(rows('SELECT * FROM client ORDER BY id')).toEqual(
    sorted.map(([id, origin, device, invited]) => ({
      id,
      origin,
      device,
      via: vias[id],
      name: `The ${id}`,
      token_hash: `hash ${id}`,
      answer_key: id === 'app' ? 'key' : null,
      issued_at: 11,
      used_at: 22,
      invited,
    })),
  )
  expect(rows('SELECT * FROM client_scope')).toContainEqual({
    client_id: 'app',
    scope: 'clock',
    expires_at: 33,
  })
  expect(rows('SELECT * FROM client_use')).toContainEqual({
    client_id: 'app',
    day: '2030-01-01',
    requests: 44,
  })
  expect(rows('SELECT * FROM client_plugin')).toContainEqual({
    client_id: 'app',
    plugin_id: 'echo',
    name: 'Echo',
    identity: 'echo 1',
    since_at: 55,
  })
  for (const table of ['client_scope', 'client_use', 'client_plugin']) {
    expect(rows(`SELECT * FROM ${table}`)).toHaveLength(clients.length)
  }
  after.store.run("DELETE FROM client WHERE id = 'app'")
  for (const table of ['client_scope', 'client_use', 'client_plugin']) {
    expect(rows(`SELECT * FROM ${table}`)).toHaveLength(clients.length - 1)
  }
  expect(rows('SELECT name FROM sqlite_temp_schema')).toEqual([])
})
