import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Engine } from '../../../src/main/engine/index.ts'
import { readLockHolder } from '../../../src/main/engine/lock-holder.ts'
import { readBytes } from '../../fakes/bytes.ts'
import { createTestEngine } from '../../fakes/engine.ts'
import { makeTempDir } from '../../fakes/temp-dir.ts'
import { unzipTexts } from '../../fakes/unzip.ts'

async function startEngine(dataDir: string) {
  const engine = createTestEngine(dataDir)
  await engine.start()
  return engine
}

/** The owner's own program: invited, then a client like any other. */
async function enter(engine: Engine) {
  const scopes = ['settings', 'notices', 'engine', 'diagnostics', 'plugins']
  const send = async (route: string, params: Record<string, string>) => {
    const [method = '', path = ''] = route.split(' ')
    const { body } = await engine.gateway.handle({
      method,
      path: `/gotapi/${path}`,
      params,
      origin: { origin: 'app://gantry' },
      via: 'inside',
    })
    return body
  }
  const invitation = engine.gateway.invite({ about: 'a test', scopes, lifeMs: 60_000 })
  const { clientId } = await send('GET authorization/grant', {})
  const params = { clientId: String(clientId), scope: scopes.join(','), invitation, applicationName: 'test' }
  const { accessToken } = await send('GET authorization/accesstoken', params)
  const token = String(accessToken)
  const call = (route: string, more: Record<string, string> = {}) =>
    send(route, { accessToken: token, ...more })
  return { call, token, send }
}

describe('the engine, through its gateway', () => {
  it('tells its versions and every room with its state', async () => {
    const { call } = await enter(await startEngine(makeTempDir()))
    expect(await call('GET engine')).toMatchObject({
      result: 0,
      versions: { gantry: '0.0.0-test', node: process.versions.node },
      rooms: [
        { name: 'data folder', state: 'running' },
        { name: 'log file', state: 'running' },
        { name: 'store', state: 'running' },
        { name: 'owner', state: 'running' },
        { name: 'printers', state: 'running' },
        { name: 'discovery', state: 'running' },
        { name: 'files', state: 'running' },
        { name: 'contents', state: 'running' },
        { name: '3D printers', state: 'running' },
        { name: 'plug-ins', state: 'running' },
        { name: 'front door', state: 'running' },
        { name: 'http', state: 'running' },
      ],
    })
  })

  it('keeps settings over a restart and tells the name to everybody', async () => {
    const dataDir = makeTempDir()
    const first = await startEngine(dataDir)
    const { call } = await enter(first)
    expect(await call('PUT settings', { name: 'Cellar', theme: 'dark' })).toMatchObject({
      result: 0,
      name: 'Cellar',
    })
    await first.stop()
    const { send } = await enter(await startEngine(dataDir))
    expect(await send('GET availability', {})).toMatchObject({ result: 0, name: 'Cellar' })
  })

  it('tells the owner of a restored database until they put it away', async () => {
    const dataDir = makeTempDir()
    const first = await startEngine(dataDir)
    await first.stop()
    mkdirSync(join(dataDir, 'backups'))
    const backup = join(dataDir, 'backups', 'gantry-000001-1893456000000-daily.sqlite')
    copyFileSync(join(dataDir, 'gantry.sqlite'), backup)
    writeFileSync(join(dataDir, 'gantry.sqlite'), 'no database any more'.repeat(500))
    const { call } = await enter(await startEngine(dataDir))
    expect(await call('GET notices')).toMatchObject({
      notices: [
        {
          id: 'store',
          sentence: 'store-restored',
          params: { asideFile: expect.stringContaining('damaged-'), backupAt: 1_893_456_000_000 },
        },
      ],
    })
    expect(await call('DELETE notices', { id: 'store' })).toMatchObject({ result: 0, notices: [] })
  })

  it('packs diagnostics without the token that asks for them, nor the secret of the command line', async () => {
    const dataDir = makeTempDir()
    const engine = await startEngine(dataDir)
    const { call, token } = await enter(engine)
    engine.logger('test').info(`called with ?accessToken=${token}`, { headers: { cookie: token }, token })
    const { bytes } = await call('GET diagnostics')
    const zip = await readBytes(engine.gateway, bytes, { token, origin: 'app://gantry' })
    const text = Object.values(unzipTexts(zip)).join('\n')
    expect(text).toContain('called with ?accessToken=[redacted]')
    expect(text).not.toContain(token)
  })

  it('listens where the lock of its data folder says, and lets the command line in by the secret there', async () => {
    const dataDir = makeTempDir()
    const engine = await startEngine(dataDir)
    const holder = readLockHolder(dataDir)
    expect(holder).toMatchObject({
      pid: process.pid,
      url: engine.url,
      port: Number(new URL(engine.url).port),
    })
    const answer = await fetch(`${engine.url}/gotapi/availability`, {
      headers: { 'X-GotAPI-Origin': 'http://127.0.0.1' },
    })
    expect(await answer.json()).toMatchObject({ result: 0, name: 'Gantry' })
    const { url } = engine
    await engine.stop()
    await expect(fetch(`${url}/gotapi/availability`)).rejects.toThrow()
  })

  it('says who holds its port, and never takes another', async () => {
    const first = await startEngine(makeTempDir())
    const port = Number(new URL(first.url).port)
    const dataDir = makeTempDir()
    const second = createTestEngine(dataDir, { config: { port } })
    await expect(second.start()).rejects.toMatchObject({
      code: 'port.taken',
      message: expect.stringMatching(/may even pose as Gantry/),
      details: { port },
    })
    expect(readLockHolder(dataDir)).toBeUndefined()
  })

  it('refuses all of it to an application', async () => {
    const engine = await startEngine(makeTempDir())
    for (const path of ['settings', 'notices', 'engine', 'diagnostics', 'plugins']) {
      const { body } = await engine.gateway.handle({
        method: 'GET',
        path: `/gotapi/${path}`,
        params: {},
        origin: { origin: 'http://app.example.test' },
        via: 'loopback',
      })
      expect(body).toMatchObject({ result: 1 })
    }
  })

  it('says so when it is asked for before it started', () => {
    const dataDir = makeTempDir()
    const engine = createTestEngine(dataDir)
    expect(() => engine.gateway).toThrow(/before it had started/)
  })
})
