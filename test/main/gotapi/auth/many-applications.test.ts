import { describe, expect, it } from 'vitest'
import { createFakeClock } from '../../../fakes/clock.ts'
import { type Body, createTestApp, createTestDoor } from '../../../fakes/gotapi.ts'

const most = 100

async function setUp() {
  const clock = createFakeClock()
  const door = await createTestDoor({ clock })
  const app = (name: string) => createTestApp(door, `http://${name}.test`)
  const works = async (one: ReturnType<typeof app>) => (await one.call('GET system')).result === 0
  /** So many applications that were let in, each a second after the one before. */
  const letIn = async (count: number) => {
    const all: ReturnType<typeof app>[] = []
    for (let index = 0; index < count; index++) {
      const one = app(`a${index}`)
      await one.beAllowed('system')
      all.push(one)
      await clock.advance(1_000)
    }
    return all
  }
  return { clock, door, app, works, letIn }
}

describe('when many applications have been let in', () => {
  it('a new one is let in all the same, and the one unused longest goes', async () => {
    const { clock, app, works, letIn } = await setUp()
    const [first, second, third] = await letIn(most)
    if (!first || !second || !third) throw new Error('nobody')
    expect(await works(first)).toBe(true)
    await clock.advance(1_000)
    const newcomer = app('newcomer')
    expect(await newcomer.beAllowed('system')).toMatchObject({ result: 0 })
    expect(await works(newcomer)).toBe(true)
    expect([await works(first), await works(second), await works(third)]).toEqual([true, false, true])
  }, 60_000)

  it('nobody goes by a grant that the owner has not said yes to', async () => {
    const { app, works, letIn } = await setUp()
    const all = await letIn(most)
    await app('newcomer').beAllowed('system', 'deny')
    expect(await Promise.all(all.map(works))).not.toContain(false)
  }, 60_000)

  it('one that hears of things stays, though it did not call for long', async () => {
    const { app, works, letIn } = await setUp()
    const [first, second] = await letIn(most)
    if (!first || !second) throw new Error('nobody')
    first.connect(() => {})
    await app('newcomer').beAllowed('system')
    expect([await works(first), await works(second)]).toEqual([true, false])
  }, 60_000)

  it('Gantry’s own windows and phones neither count nor go', async () => {
    const { clock, door, app, works, letIn } = await setUp()
    const phones = []
    for (let index = 0; index < 5; index++) {
      const phone = createTestApp(door, `https://192.168.0.${index}:4036`, 'lan', `192.168.1.${index}`)
      await phone.enter('system')
      phones.push(phone)
    }
    await clock.advance(1_000)
    const all = await letIn(most)
    expect(await Promise.all([...phones, ...all].map(works))).not.toContain(false)
    await app('newcomer').beAllowed('system')
    const left = await Promise.all([...phones, ...all].map(works))
    expect(left.filter(each => !each)).toHaveLength(1)
    expect(left.slice(0, 5)).not.toContain(false)
    const late = createTestApp(door, 'https://192.168.0.9:4036', 'lan', '192.168.1.9')
    await late.enter('system')
    expect((await Promise.all(all.map(works))).filter(each => !each)).toHaveLength(1)
  }, 60_000)
})

describe('when many ask', () => {
  it('the one whose question the owner is reading stays, and the newest gets its turn', async () => {
    const { door, app } = await setUp()
    const first = app('first')
    const answer = first.ask('system')
    await expect.poll(() => door.gotapi.desk.pending()).toHaveLength(1)
    const granted: Body[] = []
    for (let index = 0; index < most + 20; index++) {
      granted.push(await app(`b${index}`).call('GET authorization/grant'))
    }
    door.gotapi.desk.decide(door.gotapi.desk.pending()[0]?.id ?? '', 'allow')
    expect(await answer).toMatchObject({ result: 0 })
    const tokenFor = (index: number) =>
      app(`b${index}`).call('GET authorization/accesstoken', {
        clientId: String(granted[index]?.clientId),
        scope: 'system',
      })
    void tokenFor(most + 19)
    await expect.poll(() => door.gotapi.desk.pending()).toHaveLength(1)
    expect(await tokenFor(0)).toMatchObject({ errorCode: 15 })
  })

  it('those of the network crowd out only each other', async () => {
    const { door, app } = await setUp()
    const { clientId } = await app('local').call('GET authorization/grant')
    for (let index = 0; index < most + 20; index++) {
      await createTestApp(door, `http://c${index}.test`, 'lan', `10.0.0.${index}`).call(
        'GET authorization/grant',
      )
    }
    void app('local').call('GET authorization/accesstoken', { clientId: String(clientId), scope: 'system' })
    await expect.poll(() => door.gotapi.desk.pending()).toHaveLength(1)
  })
})
