import { createHmac, randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import { resolve as resolvePath } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { systemClock } from '../../../src/main/lib/clock.ts'
import { callLikeNodeGotapi } from '../../fakes/field-clients.ts'
import { answerEverything, type Body, createTestDoor } from '../../fakes/gotapi.ts'

const origin = 'http://localhost:8080'
const newKey = () => randomBytes(32).toString('hex')
const hmacOf = (key: string, nonce: string) => createHmac('sha256', key).update(nonce).digest('hex')

/** What another program would answer in the server's place: all that the client wants to hear. */
const plausible = {
  result: 0,
  product: 'Gantry',
  version: '1.2.3',
  clientId: 'c',
  accessToken: 't',
  services: [{ id: 'p1.sim', serviceId: 'p1.sim', name: 'Desk One', online: true, scopes: ['3dprinter'] }],
}

/** How it answers the proof. It hears every nonce, and may have heard the genuine server's answers; not the key. */
const lies = {
  nothing: () => ({}),
  'an empty proof': () => ({ hmac: '' }),
  'the nonce': (nonce: string) => ({ hmac: nonce }),
  'a proof it heard before': () => ({ hmac: hmacOf('the key', 'the nonce of another call') }),
  'a proof by a key of its own': (nonce: string) => ({ hmac: hmacOf(newKey(), nonce) }),
} satisfies Record<string, (nonce: string) => Body>
const lieNames = Object.keys(lies) as (keyof typeof lies)[]

async function startFalseServer(lie: (nonce: string) => Body, port = 0) {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const query = new URLSearchParams(new URL(request.url ?? '', 'http://x').search)
      const nonce = query.get('nonce') ?? new URLSearchParams(String(Buffer.concat(chunks))).get('nonce')
      response.writeHead(200, { 'content-type': 'application/json' })
      response.end(JSON.stringify({ ...plausible, nonce, ...lie(nonce ?? '') }))
    })
  })
  await new Promise<void>(resolve => server.listen(port, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    return new Promise<void>(resolve => server.close(() => resolve()))
  })
  const address = server.address()
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : port}`
}

/** The genuine server, and an owner who says yes. */
async function startGenuine() {
  const door = await createTestDoor({ clock: systemClock, listens: true })
  answerEverything(door, 'allow')
  return {
    url: door.url,
    /** Another program waits for the moment in which the port is free. */
    async giveWayTo(lie: (nonce: string) => Body) {
      await door.close()
      const url = await startFalseServer(lie, Number(new URL(door.url).port))
      // Connections to the one before are dead: the first to find that out is not the client.
      await expect.poll(() => fetch(url).then(({ status }) => status, String)).toBe(200)
    },
  }
}

/** gotapi 14.1: `connect()` up to its services, step by step. */
function nodeGotapi(url: string) {
  const key = newKey()
  const call = (path: string, params: Record<string, string>) =>
    callLikeNodeGotapi({ url, origin, key }, 'GET', path, params)
  return {
    async connect() {
      await fetch(`${url}/gotapi/availability?key=${key}`, { headers: { Origin: origin } })
      const { clientId } = await call('authorization/grant', {})
      const asked = { clientId: String(clientId), scope: 'all' }
      const { accessToken } = await call('authorization/accesstoken', asked)
      const { services } = await call('servicediscovery', { accessToken: String(accessToken) })
      return services
    },
    discover: () => call('servicediscovery', { accessToken: 't' }),
  }
}

/** As far as it is used here: a client of a page, which stands on what a browser has. */
interface PageClient {
  deliverKey(key: string): Promise<Body>
  authorise(): Promise<Body>
  callRoute(route: string): Promise<Body>
  close(): void
}
interface ClientModule {
  readonly browserWorld: object
  readonly createGotapiClient: (options: object) => PageClient
}

const root = resolvePath(import.meta.dirname, '../../..')
const clients = [
  { name: 'our own client', file: 'src/renderer/gotapi-client/index.ts' },
  { name: 'the client of the example', file: 'examples/web-app/gotapi-client.js' },
] as const

async function open(file: string, server: string) {
  const { browserWorld, createGotapiClient } = (await import(resolvePath(root, file))) as ClientModule
  let token: string | undefined
  const client = createGotapiClient({
    server,
    scopes: ['all'],
    asksAgain: true,
    keeper: {
      read: () => token,
      write(next: string | undefined) {
        token = next
      },
    },
    world: {
      ...browserWorld,
      fetch: (url: string, init: RequestInit) => fetch(url, { ...init, headers: { Origin: origin } }),
      onWake: () => () => {},
    },
  })
  onTestFinished(client.close)
  return { client, token: () => token }
}

describe('Another program on the port, without the key', () => {
  it('gotapi 126: the genuine server is known by its proof: by a client of the node-gotapi kind', async () => {
    const { url } = await startGenuine()
    expect(await nodeGotapi(url).connect()).toMatchObject([{ serviceId: 'p1.sim' }, {}])
  })

  it.each(lieNames)(
    'gotapi 126: a client of the node-gotapi kind does not connect to one that answers %s',
    async lie => {
      await expect(nodeGotapi(await startFalseServer(lies[lie])).connect()).rejects.toThrow(
        'The response is not trusted.',
      )
    },
  )

  it.each(lieNames)(
    'gotapi 126: a client of the node-gotapi kind notices one that takes the port later and answers %s',
    async lie => {
      const { url, giveWayTo } = await startGenuine()
      const client = nodeGotapi(url)
      await client.connect()
      await giveWayTo(lies[lie])
      await expect(client.discover()).rejects.toThrow('The response is not trusted.')
    },
  )

  it.each(clients)('gotapi 126: the genuine server is known by its proof: by $name', async ({ file }) => {
    const { url } = await startGenuine()
    const { client, token } = await open(file, url)
    expect(await client.deliverKey(newKey())).toMatchObject({ result: 0 })
    expect(await client.authorise()).toMatchObject({ result: 0 })
    expect(token()).toMatch(/^[0-9a-f]{64}$/)
    expect(await client.callRoute('GET servicediscovery')).toMatchObject({ result: 0 })
  })

  const both = clients.flatMap(client => lieNames.map(lie => ({ ...client, lie })))

  it.each(both)('gotapi 126: $name takes no token of one that answers $lie', async ({ file, lie }) => {
    const { client, token } = await open(file, await startFalseServer(lies[lie]))
    // The key is given on first use: who answers here from the start is told it, but cannot use what it does not check.
    await client.deliverKey(newKey())
    expect(await client.authorise()).toMatchObject({ result: 1, errorCode: -2 })
    expect(token()).toBeUndefined()
  })

  it.each(both)(
    'gotapi 126: $name notices one that takes the port later and answers $lie',
    async ({ file, lie }) => {
      const { url, giveWayTo } = await startGenuine()
      const { client, token } = await open(file, url)
      await client.deliverKey(newKey())
      await client.authorise()
      const before = token()
      await giveWayTo(lies[lie])
      for (const route of [
        'GET servicediscovery',
        'PUT system/keyword',
        'POST echo/echo',
        'DELETE system/events',
      ]) {
        expect([route, await client.callRoute(route)]).toMatchObject([route, { result: 1, errorCode: -2 }])
      }
      expect(await client.authorise()).toMatchObject({ result: 1, errorCode: -2 })
      expect(token()).toBe(before)
    },
  )
})
