import { connect as connectTls } from 'node:tls'
import { describe, expect, it, onTestFinished } from 'vitest'
import { openHttp, talk } from './bare-http.ts'

const h2c = 'Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n'

const bodyOf = (heard: string) => JSON.parse(heard.split('\r\n\r\n')[1] ?? '')

describe('A request that wishes for another protocol', () => {
  it('is an ordinary request where the protocol is not WebSocket', async () => {
    const { port, host } = await openHttp()
    const heard = await talk(port, `GET /echo?a=1 HTTP/1.1\r\nHost: ${host}\r\n${h2c}\r\n`, socket =>
      socket.on('data', () => socket.end()),
    )
    expect(heard).toMatch(/^HTTP\/1\.1 200 /)
    expect(bodyOf(heard)).toMatchObject({ method: 'GET', path: '/echo', query: 'a=1' })
    expect(bodyOf(heard).headers).not.toHaveProperty('upgrade')
  })

  it('keeps its body, that which came at once and that which comes later', async () => {
    const { port, host } = await openHttp()
    const head = `POST /echo HTTP/1.1\r\nHost: ${host}\r\n${h2c}Content-Length: 10\r\n\r\n`
    const heard = await talk(port, `${head}01234`, socket => {
      setImmediate(() => socket.write('56789'))
      socket.on('data', () => socket.end())
    })
    expect(bodyOf(heard)).toMatchObject({ method: 'POST', body: '0123456789' })
  })

  it('leaves its connection fit for the next request', async () => {
    const { port, host } = await openHttp()
    const heard = await talk(
      port,
      `GET /echo HTTP/1.1\r\nHost: ${host}\r\n${h2c}\r\nGET /echo/2 HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`,
    )
    expect(heard.match(/HTTP\/1\.1 200 OK/g)).toHaveLength(2)
    expect(heard).toContain('"path":"/echo/2"')
  })

  it('is answered over TLS as well', async () => {
    const { http } = await openHttp({ names: { addresses: () => [], names: () => ['shop.local'] } })
    await http.network.setEnabled(true)
    const { port } = http.network.state()
    const heard = await new Promise<string>((resolve, reject) => {
      const socket = connectTls({ port, host: '127.0.0.1', rejectUnauthorized: false }, () =>
        socket.write(`GET /echo HTTP/1.1\r\nHost: localhost:${port}\r\n${h2c}\r\n`),
      )
      socket.once('data', data => resolve(String(data)))
      socket.on('error', reject)
      onTestFinished(() => void socket.destroy())
    })
    expect(heard).toMatch(/^HTTP\/1\.1 200 /)
    expect(http.network.state().connections).toMatchObject([{ sockets: 1 }])
  })

  it('is looked at for its host like every request', async () => {
    const { port } = await openHttp()
    expect(await talk(port, `GET /echo HTTP/1.1\r\nHost: evil.example\r\n${h2c}\r\n`)).toMatch(/ 421 /)
  })
})

describe('A request for a WebSocket', () => {
  const wish = 'Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n'

  it.each([
    ['a foreign host', 'Host: evil.example\r\n', 421],
    ['two hosts', 'Host: HOST\r\nHost: HOST\r\n', 421],
    ['no host', '', 421],
    ['a path without one', 'Host: HOST\r\n', 404],
  ])('with %s is told so with the envelope', async (_what, hosts, status) => {
    const { port, host } = await openHttp()
    const heard = await talk(port, `GET /echo HTTP/1.1\r\n${hosts.replaceAll('HOST', host)}${wish}\r\n`)
    expect(heard).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `))
    expect(bodyOf(heard)).toMatchObject({ result: 1, errorCode: 19 })
  })
})
