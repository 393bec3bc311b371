import { describe, expect, it } from 'vitest'
import type { CallRoute, EventRoute } from '../../../src/main/contract/routes.ts'
import type { Settings } from '../../../src/main/contract/settings.ts'
import { createOwner, type EngineFacts } from '../../../src/main/owner/index.ts'
import type { Store } from '../../../src/main/store/index.ts'
import { contentOf } from '../../fakes/bytes.ts'
import { createFakeClock } from '../../fakes/clock.ts'
import { callHandler, eventHandler, followAlone, ownCall } from '../../fakes/handlers.ts'
import { createLogRecorder } from '../../fakes/log.ts'
import { openTestStore } from '../../fakes/store.ts'
import { unzipTexts } from '../../fakes/unzip.ts'

const quietFacts: EngineFacts = {
  state: () => ({
    versions: { gantry: '1.0.0', node: '20.18.0', system: 'linux x64' },
    schemaVersion: 1,
    startedAt: 5,
    dataDir: '/data',
    rooms: [{ name: 'store', state: 'running' }],
  }),
  config: () => ({ port: 4035 }),
  logLines: () => [],
}

async function setUp(facts: Partial<EngineFacts> = {}) {
  const clock = createFakeClock()
  const { log, lines } = createLogRecorder()
  const store = await openTestStore(clock)
  const open = (onStore: Store = store) => {
    const owner = createOwner({
      store: onStore,
      clock,
      logger: () => log,
      facts: { ...quietFacts, ...facts },
    })
    const diagnostics = async () => {
      const channel = owner.endpoints.find(handler => handler.kind === 'bytes')
      const { fileName } = await call('GET diagnostics')
      if (channel?.kind !== 'bytes') throw new Error('nothing gives diagnostics')
      const found = await channel.find(ownCall.caller, String(fileName))
      return { fileName, found, bytes: await contentOf(found) }
    }
    const call = async (route: CallRoute, params: Record<string, string> = {}) =>
      callHandler(owner.endpoints, route).answer(params, ownCall)
    const follow = async (route: EventRoute) => {
      const frames: unknown[] = []
      const stop = await followAlone(eventHandler(owner.endpoints, route), frame => frames.push(frame))
      return { frames, stop }
    }
    return { ...owner, call, follow, diagnostics }
  }
  return { clock, store, lines, open }
}

const untouched: Settings = {
  language: 'system',
  theme: 'system',
  name: 'Gantry',
  grantedDays: 30,
  requestsPerSecond: 1_000,
  errorStyle: 'auto',
  allowNullOrigin: false,
  keepLineOpen: false,
  refuseRepeatedNonce: false,
  hostNames: [],
}

describe('settings', () => {
  it('carry how strict the front door is, as text from a caller and over a restart', async () => {
    const { open } = await setUp()
    const strict = {
      grantedDays: '7',
      requestsPerSecond: '200',
      errorStyle: 'http',
      allowNullOrigin: 'true',
      keepLineOpen: 'true',
      refuseRepeatedNonce: 'true',
      hostNames: '["Workshop.lan"]',
    }
    await open().call('PUT settings', strict)
    expect(open().settings.read()).toEqual({
      ...untouched,
      grantedDays: 7,
      requestsPerSecond: 200,
      errorStyle: 'http',
      allowNullOrigin: true,
      keepLineOpen: true,
      refuseRepeatedNonce: true,
      hostNames: ['workshop.lan'],
    })
  })

  it('follow the system until the owner says otherwise, and outlive a restart', async () => {
    const { open } = await setUp()
    const { call } = open()
    expect(await call('GET settings')).toEqual(untouched)
    await call('PUT settings', { language: 'ja', name: '  工房  ' })
    expect(await open().call('GET settings')).toEqual({ ...untouched, language: 'ja', name: '工房' })
  })

  it.each([
    { language: 'fr' },
    { theme: 'pink' },
    { name: '   ' },
    { name: 'x'.repeat(61) },
    { name: 'two\nlines' },
    { grantedDays: '0' },
    { requestsPerSecond: '1' },
    { errorStyle: 'never' },
    { allowNullOrigin: 'perhaps' },
    { hostNames: '["http://a.test"]' },
    { hostNames: 'a.test' },
  ])('refuse %o and change nothing', async params => {
    const { open } = await setUp()
    const { call } = open()
    await expect(call('PUT settings', { theme: 'dark', ...params })).rejects.toMatchObject({
      code: 'request.invalid',
    })
    expect(await call('GET settings')).toMatchObject({ theme: 'system', name: 'Gantry' })
  })

  it('tell their followers each change once, and nothing where nothing changed', async () => {
    const { open } = await setUp()
    const { call, follow } = open()
    const { frames, stop } = await follow('EVENT settings/changes')
    await call('PUT settings', { theme: 'dark' })
    await call('PUT settings', { theme: 'dark' })
    stop()
    await call('PUT settings', { theme: 'light' })
    expect(frames).toEqual([untouched, { ...untouched, theme: 'dark' }])
  })

  it('pass over a stored value that makes no sense, and keep the others', async () => {
    const { store, open, lines } = await setUp()
    open().settings.read()
    store.run(
      `INSERT INTO setting VALUES ('theme', '"pink"', 1), ('language', 'not json', 1), ('name', '"Shed"', 1), ('gone', '1', 1)`,
    )
    expect(open().settings.read()).toEqual({ ...untouched, name: 'Shed' })
    expect(lines.filter(({ level }) => level === 'warn')).toHaveLength(2)
  })
})

describe('notices', () => {
  const restored = {
    id: 'store',
    severity: 'warning',
    sentence: 'store-restored',
    params: { backupAt: 1, asideFile: '/data/x' },
  } as const

  it('wait for the owner over restarts until they are put away', async () => {
    const { open, clock } = await setUp()
    open().notices.raise(restored)
    const { call } = open()
    expect(await call('GET notices')).toEqual({ notices: [{ ...restored, sinceAt: clock.now() }] })
    expect(await call('DELETE notices', { id: 'store' })).toEqual({ notices: [] })
    expect(await open().call('GET notices')).toEqual({ notices: [] })
  })

  it('come newest first, and the same one twice is one', async () => {
    const { open, clock } = await setUp()
    const { notices, call } = open()
    notices.raise(restored)
    await clock.advance(1_000)
    notices.raise({ id: 'log', severity: 'warning', sentence: 'log-lost', params: {} })
    await clock.advance(1_000)
    notices.raise(restored)
    const answer = await call('GET notices')
    expect(answer).toMatchObject({ notices: [{ id: 'store' }, { id: 'log' }] })
  })

  it('are told as they come to those who follow', async () => {
    const { open } = await setUp()
    const { notices, follow } = open()
    const { frames, stop } = await follow('EVENT notices/changes')
    notices.raise(restored)
    notices.withdraw('store')
    notices.withdraw('store')
    stop()
    notices.raise(restored)
    expect(frames).toMatchObject([{ notices: [] }, { notices: [{ id: 'store' }] }, { notices: [] }])
  })

  it('are told even when they cannot be kept', async () => {
    const { store, open } = await setUp()
    const broken: Store = {
      ...store,
      run() {
        throw new Error('full')
      },
    }
    const { notices, call } = open(broken)
    notices.raise(restored)
    expect(await call('GET notices')).toMatchObject({ notices: [{ id: 'store' }] })
  })

  it('of a newer Gantry are left where they are', async () => {
    const { store, open } = await setUp()
    store.run(
      `INSERT INTO notice VALUES ('x', 'info', 'not-yet-invented', '{}', 1), ('y', 'info', 'log-lost', 'no', 1)`,
    )
    expect(await open().call('GET notices')).toEqual({ notices: [] })
  })
})

describe('diagnostics', () => {
  it('hold what helps, and none of the secrets planted everywhere', async () => {
    const secrets = ['tok-11', 'pw-22', 'key-33', 'hmac-44', 'inv-55', 'bearer-66-66', 'user-77', 'cookie-88']
    const [token, password, key, hmac, invitation, bearer, user, cookie] = secrets
    const { open, clock } = await setUp({
      logLines: () => [
        `${JSON.stringify({ sentence: `GET /gotapi/system?accessToken=${token}&nonce=5`, cookie })}\n`,
        `${JSON.stringify({ sentence: 'printer refused', headers: { authorization: `Bearer ${bearer}` } })}\n`,
        `not JSON at all, password: ${password}, see http://${user}:x@printer.local/#invitation=${invitation}\n`,
      ],
      config: () => ({ port: 4035, nested: { apiKey: key, list: [{ hmac }] } }),
    })
    const { diagnostics, notices } = open()
    notices.raise({
      id: 'n',
      severity: 'info',
      sentence: 'plugin-stopped',
      params: { name: `http://${user}:${password}@h/?key=${key}` },
    })
    const { fileName, found, bytes } = await diagnostics()
    expect(bytes.byteLength).toBe(found.sizeBytes)
    expect(found).toMatchObject({ fileName, contentType: 'application/zip' })
    expect(fileName).toBe(
      `gantry-diagnostics-${new Date(clock.now()).toISOString().slice(0, 10)}T12-00-00.zip`,
    )

    const files = unzipTexts(bytes)
    expect(Object.keys(files).sort()).toEqual([
      'config.json',
      'engine.json',
      'log.jsonl',
      'notices.json',
      'settings.json',
    ])
    const everything = Object.values(files).join('\n')
    for (const secret of secrets) expect(everything).not.toContain(secret)
    expect(everything).toContain('printer refused')
    expect(everything).toContain('nonce=5')
    expect(JSON.parse(files['config.json'] ?? '')).toMatchObject({ port: 4035 })
    expect(JSON.parse(files['engine.json'] ?? '')).toMatchObject({
      schemaVersion: 1,
      rooms: [{ name: 'store' }],
    })
  })

  it('are small, with thousands of lines', async () => {
    const line = `${JSON.stringify({ time: '2030-01-01', area: 'printers', sentence: 'temperature', bedC: 60 })}\n`
    const { open } = await setUp({ logLines: () => Array.from({ length: 4_000 }, () => line) })
    const { bytes } = await open().diagnostics()
    expect(bytes.byteLength).toBeLessThan(1_000_000)
  })
})
