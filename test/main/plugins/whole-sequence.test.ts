import { randomBytes } from 'node:crypto'
import { expect, it, onTestFinished, vi } from 'vitest'
import type { BuiltInPlugin } from '../../../src/main/plugin-host/index.ts'
import { callLikeDeviceConnect, callLikeNodeGotapi, followFrames } from '../../fakes/field-clients.ts'
import type { Body } from '../../fakes/gotapi.ts'
import { openDoor } from '../plugin-host/through-gateway.ts'
import { startRoom } from './printer-room.ts'

vi.setConfig({ testTimeout: 30_000 })

const origin = 'http://app.example.test'

/** The plug-in as it is; what it hears, and each event it tells, goes into the trace. */
function traced(plugin: BuiltInPlugin, note: (what: string) => void): BuiltInPlugin {
  return {
    manifest: plugin.manifest,
    start(port) {
      port.on('message', message => {
        if ('profile' in message)
          note(`plug-in hears ${message.action} ${message.profile}/${message.attribute}`)
      })
      return plugin.start({
        ...port,
        send(message) {
          if (message.action === 'EVENT') note(`plug-in says EVENT ${message.profile}/${message.attribute}`)
          port.send(message)
        },
      })
    },
  }
}

type Call = (method: string, path: string, params: Record<string, string>) => Promise<Body>

async function openTrace() {
  const { plugin, serviceId } = await startRoom()
  const trace: string[] = []
  const note = (what: string) => trace.push(what)
  const { gotapi, url } = await openDoor([traced(plugin, note)], {
    cliSecret: randomBytes(32).toString('hex'),
  })
  onTestFinished(
    gotapi.desk.onChange(pending => {
      for (const { id, kind, origin: who } of pending) {
        note(`owner is asked for ${kind} by ${who}`)
        gotapi.desk.decide(id, 'allow')
      }
    }),
  )
  // The plug-in is asked for its services at its start: that is no part of the sequence.
  await expect.poll(() => trace.length).toBeGreaterThan(0)
  trace.length = 0
  const noting =
    (call: Call): Call =>
    async (method, path, params) => {
      const answer = await call(method, path, params)
      note(`application: ${method} ${path} is ${answer.result}`)
      return answer
    }
  const connect = async (token: string) => {
    const line = followFrames({ url, origin }, token)
    line.ws.on('message', data => {
      const { result, profile, attribute } = JSON.parse(String(data)) as Body
      note(profile === undefined ? `line: token is ${result}` : `line: event ${profile}/${attribute}`)
    })
    line.ws.on('close', code => note(`line: closed ${code}`))
    await line.first
    return line
  }
  return { url, serviceId, trace, noting, connect }
}

const before = [
  'application: GET authorization/grant is 0',
  `owner is asked for access by ${origin}`,
  'application: GET authorization/accesstoken is 0',
  'plug-in hears GET networkServiceDiscovery/getNetworkServices',
  'application: GET servicediscovery is 0',
]
const line = ['line: token is 0']
const oneShot = [
  'plug-in hears GET authorization/createClient',
  'plug-in hears GET authorization/requestAccessToken',
  'plug-in hears GET 3dprinter/printer',
  'application: GET 3dprinter/printer is 0',
]
const put = [
  'plug-in hears PUT 3dprinter/status',
  'plug-in says EVENT 3dprinter/status',
  'application: PUT 3dprinter/status is 0',
]
const after = [
  'line: event 3dprinter/status',
  'plug-in hears DELETE 3dprinter/status',
  'application: DELETE 3dprinter/status is 0',
  'line: closed 1000',
]

/** Each comes in its own order: where it opens its line is its own choice (gotapi 8.2). */
const clients = [
  {
    name: 'an application that keeps to the order of the standard',
    opensLine: 'after PUT',
    scope: '3dprinter',
    caller:
      ({ url }: { url: string }): Call =>
      (...call) =>
        callLikeDeviceConnect({ url, origin }, ...call),
    order: [...before, ...oneShot, ...put, ...line, ...after],
  },
  {
    name: 'a client of the node-gotapi kind, which checks the signature of every answer',
    opensLine: 'with discovery',
    scope: 'all',
    caller:
      ({ url, key }: { url: string; key: string }): Call =>
      (...call) =>
        callLikeNodeGotapi({ url, origin, key }, ...call),
    order: [...before, ...line, ...oneShot, ...put, ...after],
  },
] as const

it.each(clients)('gotapi 105: $name goes the whole way, step after step', async client => {
  const { url, serviceId, trace, noting, connect } = await openTrace()
  const key = randomBytes(32).toString('hex')
  await fetch(`${url}/gotapi/availability?key=${key}`, { headers: { Origin: origin } })
  const call = noting(client.caller({ url, key }))

  const { clientId } = await call('GET', 'authorization/grant', {})
  const asked = { clientId: String(clientId), scope: client.scope }
  const accessToken = String((await call('GET', 'authorization/accesstoken', asked)).accessToken)
  const { services } = await call('GET', 'servicediscovery', { accessToken })
  expect(services).toContainEqual(expect.objectContaining({ serviceId }))
  const early = client.opensLine === 'with discovery' ? await connect(accessToken) : undefined
  const params = { accessToken, serviceId }
  expect(await call('GET', '3dprinter/printer', params)).toMatchObject({ printer: { device: {} } })
  await call('PUT', '3dprinter/status', params)
  const { frames, closed } = early ?? (await connect(accessToken))
  await expect.poll(() => frames).toHaveLength(2)
  expect(frames[1]).toMatchObject({ result: 0, serviceId, status: { operatingStatus: 'idle' } })
  await call('DELETE', '3dprinter/status', params)
  expect(await closed).toBe(1000)

  expect(trace).toEqual(client.order)
})
