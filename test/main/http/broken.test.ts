import { describe, expect, it, vi } from 'vitest'
import { createFakeClock } from '../../fakes/clock.ts'
import { openHttp, talk } from './bare-http.ts'

const bodyOf = (heard: string) => JSON.parse(heard.split('\r\n\r\n')[1] ?? '')

describe('What is no whole request', () => {
  it.each([
    ['no Host', 'GET /echo HTTP/1.1\r\n\r\n', 421, 19],
    ['an old request without a Host', 'GET /echo HTTP/1.0\r\n\r\n', 421, 19],
    ['an unknown expectation', 'GET /echo HTTP/1.1\r\nHost: HOST\r\nExpect: the-moon\r\n\r\n', 417, 19],
    [
      'an unknown expectation of a foreign host',
      'GET /echo HTTP/1.1\r\nHost: a\r\nExpect: x\r\n\r\n',
      421,
      19,
    ],
    [
      'a chunk that is none',
      'POST /echo HTTP/1.1\r\nHost: HOST\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n',
      400,
      19,
    ],
    [
      'two lengths',
      'POST /echo HTTP/1.1\r\nHost: HOST\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\na',
      400,
      19,
    ],
    ['headers without end', `GET /echo HTTP/1.1\r\nX: ${'x'.repeat(20_000)}`, 413, 1],
  ])('%s is told so with the envelope, and the connection ends', async (_what, bytes, status, errorCode) => {
    const { port, host } = await openHttp()
    const heard = await talk(port, bytes.replaceAll('HOST', host))
    expect(heard).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `))
    expect(bodyOf(heard)).toMatchObject({ result: 1, errorCode, product: 'Gantry' })
  })

  it('“100-continue” is an expectation that is met', async () => {
    const { port, host } = await openHttp()
    const head = `POST /echo HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n`
    const heard = await talk(port, head, socket => socket.once('data', () => socket.write('ok')))
    expect(heard).toContain('100 Continue')
    expect(heard).toContain('"body":"ok"')
  })

  it('who reads no answer and sends nothing more does not keep the connection', async () => {
    const clock = createFakeClock()
    const { port } = await openHttp({ clock })
    const heard = talk(port, 'rubbish\r\n\r\n', socket => {
      socket.removeAllListeners('end')
      socket.pause()
      void vi
        .waitFor(() => expect(clock.waiting()).toContain('http: last words'))
        .then(async () => {
          await clock.advance(1_000)
          socket.resume()
        })
    })
    expect(await heard).toContain('400 Bad Request')
    expect(clock.waiting()).not.toContain('http: last words')
  })

  it('silent connections are freed once they were told, whether or not they read it', async () => {
    const { port, host, http } = await openHttp({ headersMs: 200 })
    const silent = Array.from({ length: 600 }, () =>
      talk(port, '', socket => socket.removeAllListeners('end')),
    )
    const heard = await Promise.all(silent)
    expect(heard.every(text => text === '' || text.includes(' 408 '))).toBe(true)
    const asked = await fetch(`${http.url()}/echo`, { headers: { host } })
    expect(asked.status).toBe(200)
  }, 20_000)
})
