// @vitest-environment node
import { beforeEach, describe, expect, it, vi } from 'vitest'
import {
  createGotapiClient,
  type GotapiClientOptions,
  type TokenKeeper,
} from '../../../src/renderer/gotapi-client/index.ts'
import { createScriptedServer } from '../fakes/scripted-server.ts'

let server = createScriptedServer()

function keeperOf(token?: string): TokenKeeper {
  let kept = token
  return {
    read: () => kept,
    write: next => {
      kept = next
    },
  }
}

const client = (options: Partial<GotapiClientOptions> = {}) =>
  createGotapiClient({
    server: 'http://127.0.0.1:4035',
    scopes: ['3dprinter'],
    world: server.world,
    ...options,
  })

beforeEach(() => {
  server = createScriptedServer()
})

describe('authorising', () => {
  it('asks for a client, then for a token with the scopes and the name', async () => {
    const keeper = keeperOf()
    const answer = await client({ keeper, scopes: ['clock', 'echo'], applicationName: 'Board' }).authorise()
    expect(answer.result).toBe(0)
    expect(server.calls('authorization/accesstoken')[0]?.params).toMatchObject({
      clientId: 'client-1',
      scope: 'clock,echo',
      applicationName: 'Board',
    })
    expect(keeper.read()).toBe('token-1')
  })

  it('hands over device and invitation only when it has them', async () => {
    await client({ device: 'd1' }).authorise('code-1')
    expect(server.calls('authorization/grant')[0]?.params.device).toBe('d1')
    expect(server.calls('authorization/accesstoken')[0]?.params).not.toHaveProperty('device')
    expect(server.calls('authorization/accesstoken')[0]?.params.invitation).toBe('code-1')
    await client().authorise()
    expect(server.calls('authorization/accesstoken')[1]?.params).not.toHaveProperty('invitation')
  })

  it('asks the owner once when two callers want access at the same time', async () => {
    const page = client({ asksAgain: true })
    const answers = await Promise.all([page.callRoute('GET a'), page.callRoute('GET b')])
    expect(answers.map(({ result }) => result)).toEqual([0, 0])
    expect(server.calls('authorization/accesstoken')).toHaveLength(1)
  })

  it('tells the caller when the owner says no, and asks no second time', async () => {
    server.denies()
    expect(await client({ asksAgain: true }).callRoute('GET a')).toMatchObject({ result: 1, errorCode: 11 })
    expect(server.calls('authorization/accesstoken')).toHaveLength(1)
    expect(server.calls('a')).toHaveLength(0)
  })
})

describe('calling', () => {
  it('sends parameters of GET and DELETE in the address, of PUT and POST in the body, and leaves out what is unset', async () => {
    const page = client()
    await page.authorise()
    for (const method of ['GET', 'PUT', 'POST', 'DELETE']) {
      await page.callRoute(`${method} x/y`, { a: 1, b: true, c: undefined })
    }
    for (const { params } of server.calls('x/y')) {
      expect(params).toEqual({ a: '1', b: 'true', accessToken: 'token-1' })
    }
  })

  it('needs no token for availability', async () => {
    expect((await client().callRoute('GET availability')).result).toBe(0)
    expect(server.seen).toHaveLength(1)
  })

  it('does not even send a call without a token when it may not ask for one', async () => {
    expect(await client().callRoute('GET a')).toMatchObject({ result: 1, errorCode: 13 })
    expect(server.seen).toHaveLength(0)
  })

  it('asks anew and repeats the call once when its token was taken back', async () => {
    const page = client({ asksAgain: true, keeper: keeperOf('token-of-last-year') })
    expect((await page.callRoute('GET a')).result).toBe(0)
    expect(server.calls('a').map(({ params }) => params.accessToken)).toEqual([
      'token-of-last-year',
      'token-1',
    ])
  })

  it('signs out and forgets the token when it may not ask again', async () => {
    const keeper = keeperOf('token-of-last-year')
    const onSignedOut = vi.fn()
    const answer = await client({ keeper, onSignedOut }).callRoute('GET a')
    expect(answer).toMatchObject({ result: 1, errorCode: 15 })
    expect(keeper.read()).toBeUndefined()
    expect(onSignedOut).toHaveBeenCalledOnce()
  })

  it('answers with code -1 when nothing is there, and keeps the token', async () => {
    const keeper = keeperOf('t')
    server.down()
    expect(await client({ keeper }).callRoute('GET a')).toMatchObject({ result: 1, errorCode: -1 })
    expect(keeper.read()).toBe('t')
  })

  it.each([null, 'hello', [], {}, { result: '0' }])('takes %j for no answer at all', async thing => {
    server.saysAlways(thing)
    expect(await client().callRoute('GET availability')).toMatchObject({ result: 1, errorCode: -1 })
  })

  it('goes by the result, not by a code that comes with a success', async () => {
    server.saysAlways({ result: 0, errorCode: 0, errorMessage: '' })
    expect((await client().callRoute('GET availability')).result).toBe(0)
  })

  it.each([
    [
      { reason: 'printer.busy', reasonParams: { said: 'x' } },
      { reason: 'printer.busy', reasonParams: { said: 'x' } },
    ],
    [{ reason: 'printer.busy', reasonParams: 'x' }, { reason: 'printer.busy' }],
    [{ reason: 'printer.on-fire' }, { reason: 'printer.on-fire' }],
    [{ reason: 7 }, {}],
    [{ reasonParams: { said: 'x' } }, {}],
  ])('takes of the reason %j of a refusal %j', async (said, taken) => {
    const refusal = { result: 1, errorCode: 16, errorMessage: 'no' }
    server.saysAlways({ ...refusal, ...said })
    expect(await client().callRoute('GET availability')).toEqual({ ...refusal, ...taken })
  })

  it('gives up on a server that keeps silent', async () => {
    const page = client({
      world: {
        ...server.world,
        fetch: (_url, { signal }) =>
          new Promise((_resolve, reject) => {
            signal?.addEventListener('abort', () => reject(new DOMException('aborted', 'AbortError')))
          }),
      },
    })
    const answer = page.callRoute('GET availability')
    await server.pass(70_000)
    expect(await answer).toMatchObject({ result: 1, errorCode: 7 })
  })
})

describe('knowing the server (gotapi 10.3)', () => {
  const serverKey = { key: '00112233445566778899aabbccddeeff', mode: 'hex' } as const

  it('accepts answers signed with the shared key', async () => {
    server.signs(serverKey)
    expect((await client({ serverKey }).callRoute('GET availability')).result).toBe(0)
  })

  it.each([
    ['none', undefined],
    ['another key', { ...serverKey, key: 'ff'.repeat(16) }],
    ['the other reading of the key', { ...serverKey, mode: 'text' as const }],
  ])('refuses everything from a server that signs with %s', async (_what, signsWith) => {
    server.signs(signsWith)
    const keeper = keeperOf()
    expect(await client({ serverKey, keeper }).authorise()).toMatchObject({ result: 1, errorCode: -2 })
    expect(keeper.read()).toBeUndefined()
  })

  it('checks every answer from the moment it has delivered a key', async () => {
    const page = client()
    const key = 'ab'.repeat(16)
    expect((await page.deliverKey(key)).result).toBe(0)
    expect(await page.callRoute('GET availability')).toMatchObject({ result: 1, errorCode: -2 })
    server.signs({ key, mode: 'text' })
    expect((await page.callRoute('GET availability')).result).toBe(0)
  })
})
