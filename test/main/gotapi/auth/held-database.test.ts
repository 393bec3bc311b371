import { expect, it } from 'vitest'
import { routes } from '../../../../src/main/contract/routes.ts'
import { loadSqlite } from '../../../../src/main/store/sqlite.ts'
import { createFakeClock } from '../../../fakes/clock.ts'
import { createTestApp, createTestDoor } from '../../../fakes/gotapi.ts'

// A file of its own: SQLite itself waits its five seconds at each try.
it('a permission taken back while another program holds the database is dark at once, and written when that lets go', async () => {
  const clock = createFakeClock()
  const door = await createTestDoor({ clock })
  const owner = createTestApp(door, 'app://gantry', 'inside')
  await owner.enter('all')
  const app = createTestApp(door)
  await app.beAllowed('system')
  const closed: string[] = []
  app.connect(
    () => {},
    reason => closed.push(reason),
  )
  const listed = async () => routes['GET apps'].result.parse(await owner.call('GET apps'))
  const clientId = (await listed()).apps.find(({ own }) => !own)?.clientId ?? ''

  const other = (await loadSqlite()).open(`${door.dir}/test.sqlite`, 0)
  other.exec('BEGIN IMMEDIATE')
  expect(await owner.call('DELETE apps/client', { clientId })).toMatchObject({ written: false })
  expect(closed).toEqual(['ended'])
  expect(await app.call('GET system')).toMatchObject({ errorCode: 15 })
  expect((await listed()).unwritten).toHaveLength(1)
  expect(await createTestApp(door, 'http://new.test').beAllowed('system')).toMatchObject({
    errorCode: 17,
    errorMessage: expect.stringContaining('is held by another program'),
  })
  other.exec('ROLLBACK')
  other.close()

  await clock.advance(15_000)
  expect((await listed()).unwritten).toEqual([])
  const later = createTestApp(await door.again())
  expect(await later.call('GET system', { accessToken: app.token })).toMatchObject({ errorCode: 15 })
}, 60_000)
