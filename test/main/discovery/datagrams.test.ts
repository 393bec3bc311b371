import { createSocket, type Socket } from 'node:dgram'
import fc from 'fast-check'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { datagramKinds } from '../../../src/main/discovery/datagram-kinds.ts'
import { createDatagrams } from '../../../src/main/discovery/datagrams.ts'
import { broadcastOf } from '../../../src/main/discovery/interfaces.ts'
import { foreignOf } from '../../../src/main/discovery/kinds.ts'
import { parseSsdp } from '../../../src/main/discovery/ssdp.ts'
import type { NetworkSighting } from '../../../src/main/printers/index.ts'
import { createFakeClock } from '../../fakes/clock.ts'
import { createLogRecorder } from '../../fakes/log.ts'

const read = (text: string, from = '10.0.0.5') =>
  datagramKinds.flatMap(kind => kind.read(text, from) ?? [])[0]
const lines = (...all: string[]) => [...all, '', ''].join('\r\n')

const uuid = '6a1c22b1-3f6c-4e0e-9c1d-0a1b2c3d4e5f'
const octoprint = (location = 'http://10.0.0.5:5000/octo/plugin/discovery/discovery.xml') =>
  lines(
    'HTTP/1.1 200 OK',
    'ST: upnp:rootdevice',
    `USN: uuid:${uuid}::upnp:rootdevice`,
    `Location: ${location}`,
    'Cache-Control: max-age=60',
  )
const moonraker = (nts: string) =>
  lines(
    'NOTIFY * HTTP/1.1',
    'HOST: 239.255.255.250:1900',
    `NTS: ${nts}`,
    'NT: urn:arksine.github.io:device:Moonraker:1',
    `USN: uuid:${uuid}::urn:arksine.github.io:device:Moonraker:1`,
    'LOCATION: http://10.0.0.5:7125/server/zeroconf/ssdp',
  )
const bambu = (nts = 'ssdp:alive') =>
  lines(
    'NOTIFY * HTTP/1.1',
    'Host: 239.255.255.250:1990',
    'Location: 10.0.0.5',
    'NT: urn:bambulab-com:device:3dprinter:1',
    `NTS: ${nts}`,
    'USN: 01S00A000000001',
    'DevModel.bambu.com: C12',
    'DevName.bambu.com: Shelf \u0007printer',
    'DevConnect.bambu.com: lan',
  )
const sdcp = JSON.stringify({
  Id: 'x',
  Data: {
    Name: 'Resin',
    MachineName: 'Saturn 4 Ultra',
    BrandName: 'ELEGOO',
    MainboardIP: '10.66.66.66',
    MainboardID: 'ABCD1234',
    ProtocolVersion: 'V3.0.0',
  },
})
const centauri = JSON.stringify({
  id: 0,
  result: { host_name: 'CC2', machine_model: 'Centauri Carbon 2', sn: 'F01' },
})

describe('a datagram', () => {
  it('of OctoPrint or Moonraker leads to the sender, whatever address it names', () => {
    expect(read(octoprint('http://192.0.2.99:5000/octo/plugin/discovery/discovery.xml'))).toEqual({
      key: `datagram:octoprint:${uuid}`,
      sighting: {
        via: 'datagram',
        type: 'octoprint',
        name: '',
        host: '10.0.0.5',
        addresses: ['10.0.0.5'],
        port: 5000,
        txt: { uuid, path: '/octo' },
      },
    })
    expect(read(moonraker('ssdp:alive'))?.sighting).toMatchObject({ type: 'moonraker', port: 7125 })
    expect(read(octoprint('https://octo.lan/plugin/discovery/discovery.xml'))?.sighting?.port).toBe(443)
  })

  it('says farewell', () => {
    expect(read(moonraker('ssdp:byebye'))).toEqual({ key: `datagram:moonraker:${uuid}` })
    expect(read(bambu('ssdp:byebye'))).toEqual({ key: 'datagram:bambu:01s00a000000001' })
  })

  it.each([
    [bambu(), 'Shelf printer', 'Bambu Lab', 'Bambu Lab P1S', 'bambu:01s00a000000001'],
    [sdcp, 'Resin', 'Elegoo', 'ELEGOO Saturn 4 Ultra', 'sdcp:abcd1234'],
    [centauri, 'CC2', 'Elegoo', 'Centauri Carbon 2', 'centauri-2:f01'],
  ])('of a make we cannot drive is named truly', (text, name, make, model, identity) => {
    const sighting = read(text)?.sighting
    expect(sighting?.name).toBe(name)
    expect(sighting?.addresses).toEqual(['10.0.0.5'])
    expect(sighting && foreignOf(sighting)).toMatchObject({ foreign: { make, model }, identity })
  })

  it.each([
    ['a question', lines('M-SEARCH * HTTP/1.1', 'ST: upnp:rootdevice')],
    ['a router', octoprint('http://10.0.0.1:80/rootDesc.xml')],
    ['a device without a serial number', bambu().replace('01S00A000000001', '')],
    ['a serial number with a path in it', bambu().replace('01S00A000000001', '../../etc')],
    ['no address', octoprint('not a url')],
    ['half JSON', sdcp.slice(0, 40)],
    ['another JSON', '{"result":{"sn":7}}'],
    ['a list', '[]'],
    ['nothing', ''],
  ])('that is %s is none of a printer', (_, text) => {
    expect(read(text)).toBeUndefined()
  })

  it('of any content breaks nothing', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json(),
          fc.string().map(text => `NOTIFY * HTTP/1.1\r\n${text}`),
        ),
        text => {
          parseSsdp(text)
          read(text)
        },
      ),
    )
  })

  it('goes to the broadcast address of its own network', () => {
    expect(broadcastOf({ name: 'eth0', address: '192.168.4.7', netmask: '255.255.252.0' })).toBe(
      '192.168.7.255',
    )
    expect(broadcastOf({ name: 'eth0', address: '10.1.2.3', netmask: '255.0.0.0' })).toBe('10.255.255.255')
  })
})

async function socketAt(port = 0): Promise<Socket> {
  const socket = createSocket('udp4')
  await new Promise<void>(resolve => socket.bind(port, '127.0.0.1', resolve))
  onTestFinished(() => {
    socket.close()
  })
  return socket
}

async function freePort(): Promise<number> {
  const socket = createSocket('udp4')
  await new Promise<void>(resolve => socket.bind(0, '127.0.0.1', resolve))
  const { port } = socket.address()
  await new Promise<void>(resolve => socket.close(() => resolve()))
  return port
}

/** Printers of the makes on this machine's loopback, each at a port of its own. */
async function room() {
  const answers = new Map([
    [1900, octoprint()],
    [2021, bambu()],
    [3000, sdcp],
    [52_700, centauri],
  ])
  const asked: string[] = []
  const places = new Map<number, number>()
  for (const [port, answer] of answers) {
    const socket = await socketAt()
    places.set(port, socket.address().port)
    socket.on('message', (question, from) => {
      asked.push(`${port} ${question.toString('utf8').split('\r\n')[0]}`)
      socket.send(answer, from.port, from.address)
    })
  }
  const nobody = await freePort()
  const hears = new Map([1900, 2021, 1990].map(port => [port, 0]))
  for (const port of hears.keys()) hears.set(port, await freePort())
  const clock = createFakeClock()
  const announcements = createDatagrams({
    log: createLogRecorder().log,
    clock,
    interfaces: () => [{ name: 'lo', address: '127.0.0.1', netmask: '255.0.0.0' }],
    askAt: port => ({ port: places.get(port) ?? nobody, address: '127.0.0.1' }),
    hearAt: port => hears.get(port) ?? 0,
  })
  const seen = new Map<string, NetworkSighting>()
  const gone: string[] = []
  const stop = announcements.start({
    seen: (key, sighting) => seen.set(key, sighting),
    gone: key => gone.push(key),
  })
  onTestFinished(stop)
  const shout = async (port: number, text: string | Buffer) => {
    const socket = await socketAt()
    await new Promise<void>(resolve => socket.send(text, hears.get(port) ?? 0, '127.0.0.1', () => resolve()))
  }
  const waitFor = (check: () => void) => vi.waitFor(check, { timeout: 5_000, interval: 10 })
  return { announcements, clock, seen, gone, asked, shout, waitFor }
}

describe('an announcements for datagrams', () => {
  it('asks every make in its own words once, and hears all that answer', async () => {
    const { announcements, seen, asked, waitFor } = await room()
    await waitFor(() => expect(seen.size).toBe(4))
    expect(asked.toSorted()).toEqual([
      '1900 M-SEARCH * HTTP/1.1',
      '2021 M-SEARCH * HTTP/1.1',
      '3000 M99999',
      '52700 {"id":0,"method":7000}',
    ])
    expect([...seen.values()].map(({ type }) => type).toSorted()).toEqual([
      'bambu',
      'centauri-2',
      'octoprint',
      'sdcp',
    ])
    expect(announcements.heard()).toBe(4)
    seen.clear()
    announcements.ask()
    await waitFor(() => expect(seen.size).toBe(4))
  })

  it('hears what nobody asked for, and farewells', async () => {
    const { seen, gone, shout, waitFor } = await room()
    await waitFor(() => expect(seen.size).toBe(4))
    seen.clear()
    await shout(1990, bambu())
    await waitFor(() => expect([...seen.keys()]).toEqual(['datagram:bambu:01s00a000000001']))
    await shout(1900, moonraker('ssdp:byebye'))
    await waitFor(() => expect(gone).toEqual([`datagram:moonraker:${uuid}`]))
  })

  it('takes no datagram of more than 4 kB, and no flood', async () => {
    const { announcements, clock, seen, shout, waitFor } = await room()
    await waitFor(() => expect(seen.size).toBe(4))
    await clock.advance(1_000)
    await shout(2021, Buffer.from(`${bambu()}${'x'.repeat(5_000)}`))
    for (let count = 0; count < 50; count++) await shout(2021, 'noise')
    await shout(2021, bambu('ssdp:alive').replace('00001', '00002'))
    await waitFor(() => expect(seen.size).toBe(5))
    const before = announcements.heard()
    const socket = await socketAt()
    expect(before).toBe(5)
    socket.unref()
  })
})
