import { describe, expect, it } from 'vitest'
import { createBytes } from '../../../src/renderer/gotapi-client/bytes.ts'
import { browserWorld } from '../../../src/renderer/gotapi-client/index.ts'

function setUp(answers: readonly Response[], tokens: readonly string[]) {
  const asked: RequestInit[] = []
  const urls: string[] = []
  let place = 0
  const send = createBytes({
    world: {
      ...browserWorld,
      fetch: async (url, init) => {
        urls.push(url)
        asked.push(init)
        return answers[asked.length - 1] ?? new Response('too many')
      },
    },
    server: 'http://127.0.0.1:4035',
    ownOrigin: 'http://127.0.0.1:4035',
    token: () => tokens[place],
    renew: async () => tokens[++place] !== undefined,
  })
  return { send, asked, urls }
}

const refusal = (errorCode: number) =>
  Response.json({ result: 1, errorCode, errorMessage: '' }, { status: 401 })

describe('The byte channel of a browser', () => {
  it('carries the token in a header, never in the address', async () => {
    const { send, asked, urls } = setUp([new Response('ok')], ['token-1'])
    await send('/bytes/printerfiles/u1', { method: 'GET', headers: { range: 'bytes=0-1' } })
    expect(urls).toEqual(['http://127.0.0.1:4035/bytes/printerfiles/u1'])
    expect(asked[0]?.headers).toEqual({
      range: 'bytes=0-1',
      Authorization: 'Bearer token-1',
      'X-GotAPI-Origin': 'http://127.0.0.1:4035',
    })
  })

  it.each([12, 13, 15])('replaces a token of no use (%i) once, and sends the same again', async code => {
    const { send, asked } = setUp([refusal(code), new Response('ok')], ['token-1', 'token-2'])
    const body = new Blob(['G28'])
    expect(await (await send('/bytes/a/b', { method: 'PUT', body })).text()).toBe('ok')
    expect(asked.map(({ headers }) => new Headers(headers).get('authorization'))).toEqual([
      'Bearer token-1',
      'Bearer token-2',
    ])
    expect(asked[1]?.body).toBe(body)
  })

  it('leaves every other refusal to its caller', async () => {
    const { send, asked } = setUp([refusal(14)], ['token-1', 'token-2'])
    expect((await send('/bytes/a/b', { method: 'GET' })).status).toBe(401)
    expect(asked).toHaveLength(1)
  })

  it('gives up where there is no better token', async () => {
    const { send, asked } = setUp([refusal(15)], ['token-1'])
    expect((await send('/bytes/a/b', { method: 'GET' })).status).toBe(401)
    expect(asked).toHaveLength(1)
  })
})
