import { describe, expect, it } from 'vitest'
import { createFakeClock } from '../../../fakes/clock.ts'
import { type Body, createTestApp, createTestDoor } from '../../../fakes/gotapi.ts'

const origin = 'http://app.example.test'
const dayMs = 24 * 60 * 60 * 1_000

async function setUp() {
  const clock = createFakeClock()
  const door = await createTestDoor({ clock })
  // The longest that an owner may choose would be swept for disuse first.
  door.policy = { ...door.policy, grantedDays: 1 }
  const app = createTestApp(door, origin)
  await app.beAllowed('system')
  const greet = (
    accessToken: string,
    headers: Body = { origin },
    via: 'inside' | 'loopback' | 'lan' = 'loopback',
  ) =>
    door.gotapi.gateway.connect(
      { accessToken, origin: headers, via },
      { onFrame: () => {}, onClose: () => {} },
    )
  return { clock, door, app, greet }
}

const names = {
  1: 'The first frame must carry an access token.',
  2: 'The origin is missing or not let in.',
  3: 'The access token is not one of this origin.',
  4: 'This application has a line already.',
} as const
const refused = (errorCode: keyof typeof names) => ({
  result: 1,
  errorCode,
  errorMessage: names[errorCode],
})

describe('who may open a line', () => {
  it('gotapi 61: the application whose token it is, and that is the first frame', async () => {
    const { app, greet } = await setUp()
    expect(greet(app.token).answer).toEqual({ result: 0 })
  })

  it('gotapi 62: nobody with a token that is past its time, to the millisecond', async () => {
    const { clock, app, greet } = await setUp()
    await clock.advance(dayMs - 1)
    greet(app.token).close()
    await clock.advance(1)
    expect(greet(app.token).answer).toEqual(refused(3))
  })

  it('gotapi 62: nobody without a token, or with one that is unknown', async () => {
    const { greet } = await setUp()
    expect(greet('').answer).toEqual(refused(1))
    expect(greet('f'.repeat(64)).answer).toEqual(refused(3))
  })

  it('gotapi 63: nobody with the token of another origin or of another way', async () => {
    const { app, greet } = await setUp()
    expect(greet(app.token, { origin: 'http://b.test' }).answer).toEqual(refused(3))
    expect(greet(app.token, { origin }, 'lan').answer).toEqual(refused(3))
    expect(greet(app.token, { origin }, 'inside').answer).toEqual(refused(3))
  })

  it('gotapi 74: nobody who does not say its origin, or says the window’s from outside', async () => {
    const { app, greet } = await setUp()
    expect(greet(app.token, {}).answer).toEqual(refused(2))
    expect(greet(app.token, { origin: 'app://gantry' }, 'lan').answer).toEqual(refused(2))
  })

  it('gotapi 65: nobody twice, until the first line is gone', async () => {
    const { app, greet } = await setUp()
    const first = greet(app.token)
    expect(greet(app.token).answer).toEqual(refused(4))
    first.close()
    expect(greet(app.token).answer).toEqual({ result: 0 })
  })

  it('gotapi 28: nobody whose permission was taken back, or whose client is still being asked about', async () => {
    const { door, app, greet } = await setUp()
    const early = app.token
    await createTestApp(door, origin).beAllowed('system')
    expect(greet(early).answer).toEqual(refused(3))
  })
})
