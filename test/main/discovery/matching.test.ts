import { describe, expect, it } from 'vitest'
import { plainName } from '../../../src/main/contract/plain-name.ts'
import { kinds } from '../../../src/main/discovery/kinds.ts'
import { match, merge, moveOf, ownerOf } from '../../../src/main/discovery/matching.ts'
import { whyInWords } from '../../../src/main/discovery/words.ts'
import { drivers, type Sighting } from '../../../src/main/printers/index.ts'
import { announced } from './bench.ts'

const offer = (sighting: Sighting, key = JSON.stringify(sighting)) => match(drivers, sighting, key)
const all = (...sightings: Sighting[]) => merge(sightings.flatMap(each => offer(each) ?? []))

describe('what is seen', () => {
  it('is offered to every driver, and the surest comes first with its reason', () => {
    const found = offer(announced('octoprint', { uuid: 'u1', version: '1.11' }, { port: 5000 }))
    expect(found).toMatchObject({ identity: 'octoprint:u1', address: '10.0.0.5:5000' })
    expect(found?.candidates[0]).toMatchObject({ driver: 'octoprint' })
    const [best] = found?.candidates ?? []
    expect(best && whyInWords(best.why)).toBe('It announces itself as OctoPrint 1.11.')
    expect(offer(announced('http'))).toBeUndefined()
  })

  it('is no printer when one driver knows that it is none', () => {
    const board = offer({ via: 'usb', path: '/dev/ttyACM0', vendorId: '1d50', productId: '614e' })
    expect(board?.candidates).toHaveLength(1)
    expect(board?.candidates[0]?.sure).toBeLessThan(0)
  })

  it('keeps two boards without serial numbers apart by where they are plugged in', () => {
    const ch340 = { via: 'usb', vendorId: '1a86', productId: '7523' } as const
    const left = offer({ ...ch340, path: '/dev/ttyUSB0', locationId: '1-1.1' })
    const right = offer({ ...ch340, path: '/dev/ttyUSB1', locationId: '1-1.2' })
    const again = offer({ ...ch340, path: '/dev/ttyUSB1', locationId: '1-1.1' })
    expect(left?.identity).not.toBe(right?.identity)
    expect(again?.identity).toBe(left?.identity)
    expect(left?.candidates.every(({ needs }) => needs !== 'nothing')).toBe(true)
  })

  it('leads to where a stranger says, and never elsewhere', () => {
    const moonraker = (txt: Record<string, string>, port = 7125) =>
      offer(announced('moonraker', { uuid: 'm1', ...txt }, { port }))?.candidates[0]?.config.url
    expect(moonraker({ route_prefix: '/one/' })).toBe('http://10.0.0.5:7125/one')
    expect(moonraker({ https_port: '7130' }, 7130)).toBe('https://10.0.0.5:7130')
    const octoprint = (path: string, over = {}) =>
      offer(announced('octoprint', { uuid: 'u', path }, { port: 5000, ...over }))?.candidates[0]?.config.url
    expect(octoprint('/octo/')).toBe('http://10.0.0.5:5000/octo')
    for (const path of ['@evil.example/', '//evil.example', '/../x', '?a=b', '#c']) {
      expect(new URL(String(octoprint(path))).host).toBe('10.0.0.5:5000')
    }
    expect(octoprint('/', { addresses: [], host: 'user:secret@evil.example' })).toBeUndefined()
    expect(octoprint('/', { addresses: [], host: 'a b' })).toBeUndefined()
  })
})

describe('a make no driver speaks', () => {
  it.each([
    ['ultimaker', { name: 'Bench 3', machine: '9051.0' }, 'Bench 3', 'UltiMaker', 'Ultimaker S5'],
    ['ultimaker', { machine: '424242' }, 'ultimaker desk', 'UltiMaker', undefined],
    ['duet_discovery', {}, 'duet_discovery desk', 'Duet', undefined],
    ['http', { product: 'RepRapFirmware 3.5' }, 'http desk', 'Duet', undefined],
    ['ipp-3d', { ty: 'Maker Pro 9', uuid: 'AB-1', note: 'Lab' }, 'Lab', 'IPP 3D', 'Maker Pro 9'],
    ['creality', { serial: '10000c0ffee' }, 'creality desk', 'Creality', undefined],
  ])('announced as %s with %j is named truly, with what works instead', (type, txt, title, make, model) => {
    const found = offer(announced(type, txt))
    expect(found).toMatchObject({ title, candidates: [], foreign: { make } })
    expect(found?.foreign?.model).toBe(model)
    expect(found?.foreign?.ways.length).toBeGreaterThan(0)
  })

  it('is asked for by its type, each type once', () => {
    const asked = kinds.flatMap(({ type, mdns }) => (mdns ? [type] : []))
    expect(asked).toEqual(
      expect.arrayContaining(['octoprint', 'http', 'prusalink', 'moonraker', 'duet_discovery']),
    )
    expect(asked).toEqual(expect.arrayContaining(['ultimaker', 'ipp-3d', 'creality']))
    expect(new Set(asked).size).toBe(asked.length)
  })

  it('hides behind the driver that does speak to it', () => {
    const rooted = announced('moonraker', { uuid: 'k1' }, { port: 7125 })
    const stock = announced('creality', { serial: 's1' }, { port: 9999 })
    expect(all(stock, rooted)).toMatchObject([{ candidates: [{ driver: 'moonraker' }] }])
    expect(all(stock, { ...rooted, addresses: ['10.0.0.6'] })).toHaveLength(2)
  })
})

describe('one device', () => {
  const octoprint = announced('octoprint', { uuid: 'u1', version: '1' }, { port: 5000 })

  it('heard over mDNS and by datagram is one', () => {
    const datagram = { ...octoprint, via: 'datagram', addresses: ['192.168.1.7'], name: 'x' } as const
    expect(all(octoprint, datagram)).toMatchObject([{ id: 'octoprint:u1', twin: false }])
    expect(all(octoprint, datagram)[0]?.hosts).toEqual(['10.0.0.5', '192.168.1.7'])
  })

  it('is one although it is a web page too, and borrows a name', () => {
    const prusalink = announced('prusalink', { path: '/' }, { name: 'PrusaLink at mk4', host: 'mk4.local' })
    const borrowed = announced('octoprint', { path: '/' }, { name: 'PrusaLink at mk4' })
    const page = announced('http', {}, { name: 'prusa mk4' })
    expect(all(page, borrowed, prusalink)).toMatchObject([{ candidates: [{ driver: 'prusalink' }] }])
  })

  it('is two when two claim its identity at one time, and neither is followed', () => {
    const impostor = { ...octoprint, name: 'other', addresses: ['10.0.0.66'] }
    const both = all(octoprint, impostor)
    expect(both).toMatchObject([{ twin: true }, { twin: true }])
    expect(new Set(both.map(({ id }) => id)).size).toBe(2)
    const known = { id: 'p1', identity: 'octoprint:u1', address: '10.0.0.1:5000' }
    for (const found of both) expect(moveOf(found, known)).toBeUndefined()
  })

  it('is recognised as ours by what stays the same, and its move is noticed', () => {
    const [found] = all(announced('moonraker', { uuid: 'M-1' }, { addresses: ['10.0.0.9'], port: 7125 }))
    if (found === undefined) throw new Error('not found')
    const known = { id: 'p1', identity: 'moonraker:m1', address: '10.0.0.5:7125' }
    expect(ownerOf(found, [known])).toBe('p1')
    expect(moveOf(found, known)).toMatchObject({ url: 'http://10.0.0.9:7125' })
    expect(moveOf(found, { ...known, address: '10.0.0.9:7125' })).toBeUndefined()
    expect(ownerOf(found, [{ id: 'p2', identity: undefined, address: '10.0.0.9:7125' }])).toBe('p2')
  })

  it('at the usual port of the web is the one added without a port', () => {
    const [found] = all(announced('prusalink', {}, { host: 'mk4.local' }))
    expect(found && ownerOf(found, [{ id: 'p1', identity: undefined, address: '10.0.0.5' }])).toBe('p1')
  })
})

describe('a name of a stranger', () => {
  it.each([
    ['<b>Bold</b> & co', '<b>Bold</b> & co'],
    ['a\u0000b\u001b[31mc\r\nd', 'a b [31mc d'],
    ['left\u202eright', 'left right'],
    ['zero\u200bwidth\ufeff', 'zero width'],
    ['   ', ''],
    ['Ünïcödé 3 ✓ 机器', 'Ünïcödé 3 ✓ 机器'],
  ])('%j is shown as %j', (name, shown) => {
    expect(plainName(name)).toBe(shown)
  })

  it('of 600 characters is cut to what a printer may be called', () => {
    expect(plainName('x'.repeat(600))).toHaveLength(100)
    const found = offer(announced('octoprint', { uuid: 'u' }, { name: '\u0007'.repeat(600), port: 5000 }))
    expect(found?.title).toBe('octoprint.local:5000'.replace('octoprint.local', '10.0.0.5'))
  })
})
