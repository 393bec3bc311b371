import fc from 'fast-check'
import { expect, it } from 'vitest'
import { numberOf } from '../../../src/main/handlers/failure.ts'
import type { PluginMessage } from '../../../src/main/plugin-host/plugin.ts'
import { createEchoPlugin, createFakePlugin, isRequest } from '../../fakes/plugins.ts'
import { callOf, startHost } from './start-host.ts'

/** Nearly right is worse than wrong: names of the protocol with values of any kind. */
const field = fc.constantFrom(
  'action',
  'requestCode',
  'result',
  'errorCode',
  'profile',
  'attribute',
  'interface',
  'serviceId',
  'accessToken',
  'services',
  'clientId',
  'scopes',
  'expire',
  '__proto__',
)
const value = fc.oneof(
  fc.jsonValue(),
  fc.constantFrom('RESPONSE', 'EVENT', 'GET', 'KEEPALIVE', 'servicediscovery', 'echo', 'one', 'token-1'),
)
const message = fc.oneof(fc.jsonValue(), fc.dictionary(field, value))

it('whatever a plug-in says on its own, the host lives and others are answered', async () => {
  const wild = createFakePlugin('wild', () => {})
  const { host, clock, lines } = await startHost([wild, createEchoPlugin()], {
    limits: { messagesPerSecond: Number.POSITIVE_INFINITY },
  })
  await fc.assert(
    fc.asyncProperty(fc.array(message, { maxLength: 50 }), async said => {
      for (const each of said) wild.send(each as PluginMessage)
      await clock.advance(0)
      expect(await host.call(callOf('echo'))).toMatchObject({ result: 0 })
    }),
    { numRuns: 400 },
  )
  expect(lines.filter(({ level }) => level === 'error')).toEqual([])
  expect(host.list().map(({ state }) => state)).toEqual(['running', 'running'])
}, 20_000)

it('whatever a plug-in answers, the application gets an answer with a number', async () => {
  let answer: Record<string, unknown> = {}
  const wild = createFakePlugin(
    'wild',
    (request, port) => port.send({ ...answer, requestCode: request.requestCode } as PluginMessage),
    {
      approval: (request, port) =>
        port.send({ ...answer, requestCode: request.requestCode } as PluginMessage),
    },
  )
  const { host, clock } = await startHost([wild], { limits: { messagesPerSecond: Number.POSITIVE_INFINITY } })
  await fc.assert(
    fc.asyncProperty(fc.dictionary(field, value), async said => {
      answer = { action: 'RESPONSE', result: 0, ...said }
      const waiting = host.call(callOf('wild'))
      await clock.advance(0)
      // What is no answer at all runs into the limit.
      await clock.advance(60_000)
      const got = await waiting
      expect(
        got.result === 0 || (got.result === 1 && Number.isInteger(numberOf(got)) && numberOf(got) > 0),
      ).toBe(true)
    }),
    { numRuns: 400 },
  )
  expect(wild.heard.some(isRequest)).toBe(true)
}, 20_000)
