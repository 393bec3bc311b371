import { expect, it } from 'vitest'
import type { RequestMessage } from '../../../src/main/plugin-host/plugin.ts'
import { createFakePlugin, isRequest, refuse, respond } from '../../fakes/plugins.ts'
import { alice, callOf, startHost } from './start-host.ts'

const settle = () => new Promise<void>(resolve => setImmediate(resolve))

it('a plug-in that does not say whether it lets an application in is late, and is delivered nothing', async () => {
  const plugin = createFakePlugin('lamp', (request, port) => port.send(respond(request, {})), {
    approval: () => {},
  })
  const { host, clock } = await startHost([plugin])
  const calling = host.call(callOf('lamp'))
  await clock.advance(0)
  await clock.advance(60_000)
  expect(await calling).toMatchObject({ code: 'plugin.late' })
  expect(plugin.heard.filter(isRequest).map(({ profile }) => profile)).not.toContain('lamp')
})

it('approval and delivery together take no longer than one call may', async () => {
  const waiting: (() => void)[] = []
  const plugin = createFakePlugin('lamp', () => {}, {
    approval: (request, port) =>
      void waiting.push(() => port.send(respond(request, { clientId: 'c', accessToken: 't' }))),
  })
  const { host, clock } = await startHost([plugin])
  let isAnswered = false
  const calling = host.call(callOf('lamp')).finally(() => {
    isAnswered = true
  })
  await clock.advance(0)
  for (let step = 0; step < 2; step += 1) {
    await clock.advance(20_000)
    waiting.shift()?.()
    await clock.advance(0)
  }
  await clock.advance(19_999)
  expect(isAnswered).toBe(false)
  await clock.advance(1)
  expect(await calling).toMatchObject({ code: 'plugin.late' })
})

it('an old token that is refused late takes nothing from the new one', async () => {
  const held: (() => void)[] = []
  const plugin = createFakePlugin('lamp', (request: RequestMessage, port) => {
    if (request.accessToken !== 'token-1') port.send(respond(request, {}))
    else if (request.attribute === 'slow') held.push(() => port.send(refuse(request, 12)))
    else port.send(refuse(request, 12))
  })
  const { host } = await startHost([plugin])
  const slow = host.call(callOf('lamp', { attribute: 'slow' }))
  await settle()
  expect(await host.call(callOf('lamp', { attribute: 'quick' }))).toMatchObject({ result: 0 })
  held.shift()?.()
  expect(await slow).toMatchObject({ result: 0 })
  const asked = plugin.heard.filter(isRequest).map(({ attribute }) => attribute)
  expect(asked.filter(attribute => attribute === 'requestAccessToken')).toHaveLength(2)
})

it('what is told of an application carries the tokens it has, and none that it never got', async () => {
  const services = ['one', 'two'].map(id => ({ id, name: id, online: true, scopes: ['lamp'] }))
  const plugin = createFakePlugin('lamp', (request, port) => port.send(respond(request, {})), {
    discovery: (request, port) => port.send(respond(request, { services })),
    approval: (request, port) =>
      port.send(
        request.serviceId === 'two'
          ? refuse(request, 11)
          : respond(request, { clientId: 'c', accessToken: 't' }),
      ),
  })
  const { host } = await startHost([plugin])
  expect(await host.call(callOf('lamp'))).toMatchObject({ result: 0 })
  expect(await host.call(callOf('lamp', { serviceId: 'two.lamp' }))).toMatchObject({ code: 'plugin.denied' })
  plugin.heard.length = 0
  await host.clearEvents(alice)
  expect(plugin.heard).toMatchObject([{ action: 'DELETE', accessToken: 't' }])
})
