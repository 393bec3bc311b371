import { describe, expect, it } from 'vitest'
import { createFakePlugin, isRequest, refuse, respond } from '../../fakes/plugins.ts'
import { answered, callOf, startHost } from './start-host.ts'

const entry = (id: string, more: object = {}) => ({ id, name: id, online: true, scopes: ['lamp'], ...more })

/** A lamp whose services the test decides. */
async function startLamp(first: readonly object[]) {
  let services: readonly unknown[] = first
  const plugin = createFakePlugin('lamp', (request, port) => port.send(respond(request, {})), {
    discovery: (request, port) => port.send(respond(request, { services })),
    approval: (request, port) => port.send(refuse(request, 2)),
  })
  const { host, clock } = await startHost([plugin])
  await clock.advance(0)
  const asked = () =>
    plugin.heard.filter(message => isRequest(message) && message.profile === 'networkServiceDiscovery').length
  const call = async (localId: string) =>
    answered(await host.call(callOf('lamp', { serviceId: `${localId}.lamp` })))
  return { host, clock, plugin, asked, call, have: (now: readonly unknown[]) => (services = now) }
}

describe('a service nobody has heard of', () => {
  it('is asked for once a second at most, whatever is invented', async () => {
    const { call, asked, clock } = await startLamp([entry('desk')])
    const before = asked()
    for (const id of ['a', 'b', 'c']) expect(await call(id)).toMatchObject({ errorCode: 6 })
    expect(asked() - before).toBe(0)
    await clock.advance(999)
    await call('d')
    expect(asked() - before).toBe(0)
    await clock.advance(1)
    for (const id of ['e', 'f']) await call(id)
    expect(asked() - before).toBe(1)
  })

  it('is found when it came meanwhile, and a known one is not asked for', async () => {
    const { call, asked, clock, have } = await startLamp([entry('desk')])
    have([entry('desk'), entry('hall')])
    await clock.advance(1_000)
    const before = asked()
    expect(await call('desk')).toMatchObject({ result: 0 })
    expect(asked()).toBe(before)
    expect(await call('hall')).toMatchObject({ result: 0 })
    expect(asked()).toBe(before + 1)
  })

  it('is asked for at once in a new life of its plug-in', async () => {
    const { call, clock, plugin } = await startLamp([entry('desk')])
    plugin.crash()
    await clock.advance(1_000)
    expect(await call('desk')).toMatchObject({ result: 0 })
  })
})

describe('the services of a plug-in', () => {
  it('are no more than a thousand, and only of profiles it has, named as its manifest names them', async () => {
    const { host } = await startLamp([
      entry('odd', { scopes: ['LAMP', 'sound'] }),
      ...Array.from({ length: 1_200 }, (_, n) => entry(`s${n}`)),
    ])
    const found = await host.discover()
    expect(found).toHaveLength(1_000)
    expect(found[0]).toMatchObject({ id: 'odd.lamp', scopes: ['lamp'] })
  })

  it('have every profile where they name none, and the details they tell', async () => {
    const detail = { type: 'wifi', config: 'ssid', manufacturer: 'Tick & Co', version: '1' }
    const { host } = await startLamp([{ id: 'desk', name: 'Desk', online: false, ...detail }])
    expect(await host.discover()).toEqual([
      { id: 'desk.lamp', serviceId: 'desk.lamp', name: 'Desk', online: false, scopes: ['lamp'], ...detail },
    ])
  })

  it('are named in full and in nothing more', async () => {
    const { host } = await startLamp([entry('desk')])
    expect(await host.discover()).toStrictEqual([
      { id: 'desk.lamp', serviceId: 'desk.lamp', name: 'desk', online: true, scopes: ['lamp'] },
    ])
  })

  it('of an earlier life are not those of a new one', async () => {
    let isFirst = true
    const plugin = createFakePlugin('lamp', (request, port) => port.send(respond(request, {})), {
      discovery(request, port) {
        if (isFirst) port.send(respond(request, { services: [entry('desk')] }))
      },
    })
    const { host, clock } = await startHost([plugin])
    await clock.advance(0)
    isFirst = false
    plugin.crash()
    await clock.advance(1_000)
    expect(host.list()).toMatchObject([{ state: 'running', services: [] }])
    const calling = host.call(callOf('lamp', { serviceId: 'desk.lamp' }))
    await clock.advance(8_000)
    expect(await calling).toMatchObject({ code: 'service.unknown' })
  })

  it('stay as last told where the plug-in cannot say them now', async () => {
    const { host, have } = await startLamp([entry('desk')])
    have('rubbish' as unknown as unknown[])
    expect(await host.discover()).toEqual([])
    expect(host.list()).toMatchObject([{ services: [{ id: 'desk.lamp' }] }])
    have([])
    await host.discover()
    expect(host.list()).toMatchObject([{ services: [] }])
  })

  it('are not what comes with an error', async () => {
    const plugin = createFakePlugin('lamp', () => {}, {
      discovery: (request, port) =>
        port.send(respond(request, { result: 1, errorCode: 1, services: [entry('desk')] })),
    })
    const { host } = await startHost([plugin])
    expect(await host.discover()).toEqual([])
    expect(host.list()).toMatchObject([{ services: [] }])
  })

  it('are asked once for all who ask at the same time', async () => {
    const { host, asked } = await startLamp([entry('desk')])
    const before = asked()
    await Promise.all([host.discover(), host.discover()])
    expect(asked() - before).toBe(1)
    await host.discover()
    expect(asked() - before).toBe(2)
  })

  it.each([
    ['WiFi', 'wifi'],
    ['bluetooth', 'bluetooth'],
    ['BLE', 'ble'],
    ['nfc', 'nfc'],
    ['usb', undefined],
    [undefined, undefined],
  ])('gotapi 5.2: one of type %s is connected by %s', async (type, way) => {
    const { host } = await startLamp([entry('desk', type ? { type } : {})])
    const information = await host.information('desk.lamp')
    const connect = { wifi: false, bluetooth: false, ble: false, nfc: false }
    expect(information?.connect).toEqual(way ? { ...connect, [way]: true } : connect)
  })

  it.each(['serviceDiscovery', 'NETWORKSERVICEDISCOVERY'])(
    'are asked for when an event of %s says that they changed, and nobody hears that event',
    async profile => {
      const { host, clock, plugin, have, asked } = await startLamp([entry('desk')])
      const told: unknown[] = []
      host.on('event', event => told.push(event))
      const services: string[][] = []
      host.on('services', all => services.push(all.map(({ id }) => id)))
      have([entry('hall')])
      const before = asked()
      plugin.send({ action: 'EVENT', profile, attribute: 'onServiceChange' })
      await clock.advance(0)
      expect([told, services, asked() - before]).toEqual([[], [['hall.lamp']], 1])
    },
  )

  it('an event that names none is of the one there is, and of nobody where there are several', async () => {
    const { host, clock, plugin, have } = await startLamp([entry('desk')])
    const told: string[] = []
    host.on('event', ({ serviceId }) => told.push(serviceId))
    const emit = async () => {
      plugin.send({ action: 'EVENT', profile: 'lamp' })
      await clock.advance(0)
    }
    await emit()
    expect(told).toEqual(['desk.lamp'])
    have([entry('desk'), entry('hall')])
    await host.discover()
    await emit()
    expect(told).toEqual(['desk.lamp'])
  })
})
