import { expect, it, vi } from 'vitest'
import { z } from 'zod'
import { pluginMessage } from '../../../src/main/plugin-host/plugin.ts'
import type { Body } from '../../fakes/gotapi.ts'
import { createFakePlugin, respond } from '../../fakes/plugins.ts'
import { importTable } from '../../house/import-table.ts'
import { openDoor } from '../plugin-host/through-gateway.ts'
import { type Message, recorded, startRoom } from './printer-room.ts'

vi.setConfig({ testTimeout: 30_000 })

/** gotapi 7.1 and 7.2: every message there is, field by field; nothing else may stand in it. */
const text = z.string()
const sender = { product: text, version: text }
const hostMessage = z.union([
  z.strictObject({
    action: z.enum(['GET', 'PUT', 'POST', 'DELETE']),
    requestCode: text,
    api: z.literal('gotapi'),
    profile: text,
    interface: text.optional(),
    attribute: text.optional(),
    serviceId: text.optional(),
    accessToken: text.optional(),
    origin: text.optional(),
    package: text.optional(),
    clientId: text.optional(),
    applicationName: text.optional(),
    scope: text.optional(),
    params: z.record(text, text),
    // Of Gantry's own: plug-ins that came with it are told whether the owner asks.
    isOwner: z.literal(true).optional(),
    ...sender,
  }),
  z.strictObject({
    action: z.enum([
      'MANAGER_LAUNCHED',
      'MANAGER_TERMINATED',
      'DEVICEPLUGIN_ENABLED',
      'DEVICEPLUGIN_DISABLED',
      'DEVICEPLUGIN_RESET',
    ]),
    ...sender,
  }),
  z.strictObject({
    action: z.literal('EVENT_TRANSMIT_DISCONNECT'),
    origin: text,
    accessToken: text.optional(),
    ...sender,
  }),
])

/** Somebody else's plug-in with the same profile, that speaks GotAPI-4 by hand. */
const foreign = () =>
  createFakePlugin(
    'other',
    (request, port) => port.send(respond(request, request.action === 'GET' ? { queue: [] } : {})),
    { profile: '3dprinter' },
  )

const shapes = (messages: readonly Message[]) =>
  messages.map(({ action, profile, attribute, ...rest }) => [
    action,
    `${profile ?? ''}/${attribute ?? ''}`,
    Object.keys(rest).sort(),
  ])

it('gotapi 106: the 3D-printer plug-in is loaded and called by the messages of section 7 alone, like any other', async () => {
  const { id, plugin, clock } = await startRoom()
  const ours = recorded(plugin)
  const other = foreign()
  const { enter, host } = await openDoor([ours, other])
  const app = await enter('3dprinter,servicediscovery,system')
  const frames: Body[] = []
  app.connect(frame => frames.push(frame))

  const journey = async (serviceId: string) => {
    for (const route of ['GET 3dprinter/queue', 'PUT 3dprinter/status', 'DELETE 3dprinter/status']) {
      expect([route, await app.call(route, { serviceId })]).toMatchObject([route, { result: 0, serviceId }])
    }
    expect(await app.call('GET 3dprinter/queue', { serviceId })).toMatchObject({ queue: [] })
  }
  await app.call('GET servicediscovery')
  await journey(`${id}.printer3d`)
  await journey('one.other')
  await app.call('DELETE system/events')
  await host.setEnabled('printer3d', false)
  await host.setEnabled('other', false)
  await clock.advance(0)

  // Nothing but the messages there are, as plain data, and each answer to its question.
  for (const message of ours.heard) expect(hostMessage.parse(message)).toEqual(message)
  for (const message of ours.sent) {
    expect(pluginMessage.safeParse(message).success).toBe(true)
    expect(JSON.parse(JSON.stringify(message))).toEqual(message)
  }
  const codesOf = (messages: readonly Message[]) => messages.flatMap(({ requestCode }) => requestCode ?? [])
  expect(codesOf(ours.sent).sort()).toEqual(codesOf(ours.heard).sort())

  // The same messages in the same order as for the other one: what is loaded and called is no short cut.
  expect(shapes(ours.heard)).toEqual(shapes(other.heard as unknown as Message[]))
  expect(shapes(ours.heard).map(([action, place]) => `${action} ${place}`)).toEqual([
    'MANAGER_LAUNCHED /',
    'GET networkServiceDiscovery/getNetworkServices',
    'GET networkServiceDiscovery/getNetworkServices',
    'GET authorization/createClient',
    'GET authorization/requestAccessToken',
    'GET 3dprinter/queue',
    'PUT 3dprinter/status',
    'DELETE 3dprinter/status',
    'GET 3dprinter/queue',
    'DELETE system/events',
    'DEVICEPLUGIN_DISABLED /',
  ])

  // Switched off it is gone, like any other: there is no second way to a printer.
  expect(await app.call('GET 3dprinter/queue', { serviceId: `${id}.printer3d` })).toMatchObject({
    errorCode: 21,
  })
})

it('gotapi 106: nobody but the program that puts Gantry together knows the 3D-printer plug-in, and it knows no server', () => {
  const room = 'main/plugins/printer3d'
  const knowing = Object.entries(importTable).filter(([, { may }]) => may.includes(room))
  expect(knowing.map(([name]) => name)).toEqual(['main/engine'])
  expect(importTable[room]?.may.filter(name => /gotapi|http|shell|owner/.test(name))).toEqual([])
})
