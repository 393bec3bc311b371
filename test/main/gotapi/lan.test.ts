import { statSync } from 'node:fs'
import { request as httpsRequest } from 'node:https'
import { connect as connectTcp } from 'node:net'
import { join } from 'node:path'
import { connect as connectTls } from 'node:tls'
import { describe, expect, it, onTestFinished } from 'vitest'
import { WebSocket } from 'ws'
import { GantryError } from '../../../src/main/contract/error.ts'
import { routes } from '../../../src/main/contract/routes.ts'
import { systemClock } from '../../../src/main/lib/clock.ts'
import { type Body, createTestApp, createTestDoor, type TestDoor } from '../../fakes/gotapi.ts'

const names = { addresses: () => ['127.0.0.1'], names: () => ['workshop.local'] }

async function withOwner(door?: TestDoor) {
  const own = door ?? (await createTestDoor({ clock: systemClock, listens: true, names }))
  const owner = createTestApp(own, 'app://gantry', 'inside')
  await owner.enter('all')
  const lan = async (route: string, params: Record<string, string> = {}) =>
    routes['GET lan'].result.parse(await owner.call(route, params))
  return { door: own, owner, lan }
}

/** A phone's browser that was told to trust the certificate. */
function get(port: number, path: string, headers: Record<string, string>): Promise<Body> {
  return new Promise((resolve, reject) => {
    const request = httpsRequest(
      { host: '127.0.0.1', port, path, headers, rejectUnauthorized: false, agent: false },
      response => {
        let text = ''
        response.on('data', chunk => {
          text += chunk
        })
        response.on('end', () => resolve({ status: response.statusCode, ...JSON.parse(text) }))
      },
    )
    request.on('error', reject)
    request.end()
  })
}

describe('Use from the network', () => {
  it('gotapi 77: is off until the owner opens it', async () => {
    const { lan } = await withOwner()
    expect(await lan('GET lan')).toMatchObject({ enabled: false, connections: [], addresses: ['127.0.0.1'] })
  })

  it('gotapi 79: once open, https and wss answer, with the certificate whose fingerprint the owner sees', async () => {
    const { door, lan } = await withOwner()
    const { port, fingerprint } = await lan('PUT lan/state', { enabled: 'true' })
    const headers = { origin: 'http://app.example.test', host: `127.0.0.1:${port}` }
    expect(await get(port, '/gotapi/availability', headers)).toMatchObject({ status: 200, result: 0 })
    const seen = await new Promise(resolve => {
      const socket = connectTls({ host: '127.0.0.1', port, rejectUnauthorized: false }, () => {
        resolve(socket.getPeerX509Certificate()?.fingerprint256)
        socket.destroy()
      })
    })
    expect(seen).toBe(fingerprint)

    const app = createTestApp(door, 'http://app.example.test', 'lan')
    await app.beAllowed('system')
    const ws = new WebSocket(`wss://127.0.0.1:${port}/gotapi/websocket`, {
      origin: 'http://app.example.test',
      rejectUnauthorized: false,
    })
    onTestFinished(() => ws.terminate())
    ws.on('open', () => ws.send(JSON.stringify({ accessToken: app.token })))
    const answer = await new Promise(resolve => ws.on('message', data => resolve(String(data))))
    expect(answer).toBe('{"result":0}')
    expect((await lan('GET lan')).connections).toMatchObject([{ sockets: 1, address: expect.any(String) }])

    const closed = new Promise(resolve => ws.on('close', resolve))
    await lan('PUT lan/state', { enabled: 'false' })
    await closed
    await expect(get(port, '/gotapi/availability', headers)).rejects.toThrow()
    expect(await lan('GET lan')).toMatchObject({ enabled: false })
  })

  it('gotapi 77: opened to the network it is TLS there, and the plain port stays on this machine', async () => {
    const { door, lan } = await withOwner()
    const { port } = await lan('PUT lan/state', { enabled: 'true' })
    const plain = fetch(`http://127.0.0.1:${port}/gotapi/availability`, {
      headers: { 'x-gotapi-origin': 'http://app.example.test' },
    })
    await expect(plain).rejects.toThrow()
    const plainPort = Number(new URL(door.url).port)
    expect(plainPort).not.toBe(port)
    const reached = (host: string) =>
      new Promise(resolve => {
        const socket = connectTcp(plainPort, host, () => {
          socket.destroy()
          resolve(true)
        })
        socket.on('error', () => resolve(false))
      })
    expect(await reached('127.0.0.1')).toBe(true)
    // Linux answers on all of 127.0.0.0/8 whoever listens on every address.
    if (process.platform === 'linux') expect(await reached('127.0.0.2')).toBe(false)
  })

  it('gotapi 78: a foreign Host header is refused there as well', async () => {
    const { lan } = await withOwner()
    const { port } = await lan('PUT lan/state', { enabled: 'true' })
    const call = (host: string) =>
      get(port, '/gotapi/availability', { origin: 'http://a.test', host: `${host}:${port}` })
    expect(await call('evil.test')).toMatchObject({ status: 421, errorCode: 19 })
    expect(await call('workshop.local')).toMatchObject({ status: 200 })
  })

  it('stays open over a restart, with the same certificate', async () => {
    const { door, lan } = await withOwner()
    const { fingerprint } = await lan('PUT lan/state', { enabled: 'true' })
    const later = await withOwner(await door.again())
    expect(await later.lan('GET lan')).toMatchObject({ enabled: true, fingerprint })
    if (process.platform !== 'win32') {
      expect(statSync(join(door.dir, 'tls', 'identity.pem')).mode & 0o777).toBe(0o600)
    }
  })

  it('is closed at once when the owner wants it closed, though the disk does not take that, and they are told', async () => {
    const { door, owner, lan } = await withOwner()
    const { port } = await lan('PUT lan/state', { enabled: 'true' })
    door.disk.fault = new GantryError('data.full', 'The disk is full.')
    const answer = await owner.call('PUT lan/state', { enabled: 'false' })
    expect(answer).toMatchObject({ errorCode: 17, errorMessage: 'The disk is full.' })
    expect(await lan('GET lan')).toMatchObject({ enabled: false })
    const headers = { origin: 'http://a.test', host: `127.0.0.1:${port}` }
    await expect(get(port, '/gotapi/availability', headers)).rejects.toThrow()
  })

  it('stays closed when the disk does not take that it is open', async () => {
    const { door, owner, lan } = await withOwner()
    door.disk.fault = new GantryError('data.full', 'The disk is full.')
    expect(await owner.call('PUT lan/state', { enabled: 'true' })).toMatchObject({ errorCode: 17 })
    expect(await lan('GET lan')).toMatchObject({ enabled: false })
  })

  it('pairs a device by a link that works once, with its QR code', async () => {
    const { door, owner, lan } = await withOwner()
    expect(await owner.call('POST lan/pair')).toMatchObject({ errorCode: 10 })
    const { port } = await lan('PUT lan/state', { enabled: 'true' })
    const { link, qrSvg } = routes['POST lan/pair'].result.parse(await owner.call('POST lan/pair'))
    expect(link).toMatch(new RegExp(`^https://127\\.0\\.0\\.1:${port}/#invitation=[\\w-]{32}$`))
    expect(qrSvg).toMatch(/^<svg /)
    const invitation = link.split('invitation=')[1] ?? ''
    const phone = createTestApp(door, `https://127.0.0.1:${port}`, 'lan')
    expect(await phone.ask('all', { invitation })).toMatchObject({ result: 0 })
    expect(await phone.ask('all', { invitation })).toMatchObject({ errorCode: 11 })
    expect(await owner.call('POST lan/pair', { address: '10.9.8.7' })).toMatchObject({ errorCode: 10 })
  })
})
