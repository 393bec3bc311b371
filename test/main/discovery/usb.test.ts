import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { watchDeviceFolder } from '../../../src/main/discovery/device-folder.ts'
import { createSockets } from '../../../src/main/discovery/sockets.ts'
import { watchUsb } from '../../../src/main/discovery/usb.ts'
import { usbBoards } from '../../../src/main/printers/drivers/marlin/usb-ids.ts'
import { createFakeClock } from '../../fakes/clock.ts'
import { createLogRecorder } from '../../fakes/log.ts'
import { settled } from '../printers/driver-kit.ts'
import { discoveryBench, type FakePort } from './bench.ts'

const ch340 = { vendorId: '1a86', productId: '7523' } as const
const board = (path: string, locationId: string): FakePort => ({ ...ch340, path, locationId })

describe('a port', () => {
  it('is seen within a second of the system’s sign, and one that is pulled as well', async () => {
    const { clock, ports, opened, discovery, sign, end } = await discoveryBench()
    await clock.advance(10)
    ports.push(board('/dev/ttyUSB0', '1-1'))
    sign()
    await clock.advance(400)
    expect(discovery.found()).toMatchObject([{ via: 'usb', address: '/dev/ttyUSB0' }])
    ports.length = 0
    sign()
    await clock.advance(400)
    expect(discovery.found()).toEqual([])
    expect(opened).toEqual([])
    await end()
  })

  it('is seen without any sign too, where the system gives none', async () => {
    const { clock, ports, opened, discovery, end } = await discoveryBench()
    ports.push(board('/dev/ttyUSB0', '1-1'))
    await clock.advance(2_100)
    expect(discovery.found()).toMatchObject([{ via: 'usb', address: '/dev/ttyUSB0' }])
    ports.length = 0
    await clock.advance(2_100)
    expect(discovery.found()).toEqual([])
    expect(opened).toEqual([])
    await end()
  })

  it('is looked for once although a sign comes in a burst, and the list is slow', async () => {
    const clock = createFakeClock()
    let lists = 0
    let answer: (ports: readonly FakePort[]) => void = () => {}
    const seen: string[] = []
    let sign = () => {}
    const stop = watchUsb({
      clock,
      log: createLogRecorder().log,
      serial: {
        list: () => {
          lists++
          return new Promise(resolve => {
            answer = resolve
          })
        },
        open: () => Promise.reject(new Error('must not be opened')),
      },
      signs: onSign => {
        sign = onSign
        return () => {}
      },
      onSeen: ({ path }) => seen.push(path),
      onGone: () => {},
    })
    for (let count = 0; count < 50; count++) sign()
    await clock.advance(1_000)
    expect(lists).toBe(1)
    answer([])
    await clock.advance(0)
    expect(lists).toBe(2)
    answer([board('COM3', '1-1')])
    await clock.advance(0)
    expect(seen).toEqual(['COM3'])
    stop()
    expect(clock.waiting()).toEqual([])
  })

  it('list that fails is complained of once and looked at again', async () => {
    const clock = createFakeClock()
    const { log, lines } = createLogRecorder()
    let broken = true
    const seen: string[] = []
    const stop = watchUsb({
      clock,
      log,
      serial: {
        list: async () => {
          if (broken) throw new Error('udev is away')
          return [board('/dev/ttyUSB0', '1-1')]
        },
        open: () => Promise.reject(new Error('must not be opened')),
      },
      signs: () => () => {},
      onSeen: ({ path }) => seen.push(path),
      onGone: () => {},
    })
    await clock.advance(10_000)
    expect(lines).toHaveLength(1)
    broken = false
    await clock.advance(2_000)
    expect(seen).toEqual(['/dev/ttyUSB0'])
    stop()
  })

  it('that no printer can be behind is named, never offered and never opened', async () => {
    const { clock, ports, opened, discovery, end } = await discoveryBench()
    const others = usbBoards.filter(({ sure }) => sure < 0)
    expect(others.length).toBeGreaterThan(10)
    for (const [index, { vendor, product = '0001' }] of others.entries()) {
      ports.push({ path: `/dev/ttyACM${index}`, vendorId: vendor, productId: product })
    }
    ports.push({ path: '/dev/ttyACM99', vendorId: 'dead', productId: 'beef', manufacturer: 'ACME LTE Modem' })
    await clock.advance(2_100)
    const found = discovery.found()
    expect(found).toHaveLength(others.length + 1)
    for (const { candidates } of found) {
      expect(candidates).toHaveLength(1)
      expect(candidates[0]?.sure).toBeLessThan(0)
      expect(candidates[0]?.why.code).toMatch(
        /^usb-(?:klipper|boot-loader|helper-board|other-language|modem)$/,
      )
    }
    expect(opened).toEqual([])
    await end()
  })

  it('nobody knows is never opened, however long it is there', async () => {
    const { clock, ports, opened, discovery, end } = await discoveryBench()
    for (const [index, { vendor, product = '0001' }] of usbBoards.entries()) {
      ports.push({ path: `/dev/ttyACM${index}`, vendorId: vendor, productId: product })
    }
    ports.push({ path: '/dev/ttyS0' }, { path: '/dev/ttyAMA0' }, { path: '/dev/ttyUSB9', vendorId: 'dead' })
    discovery.look()
    await clock.advance(60_000)
    expect(discovery.found().length).toBeGreaterThan(20)
    for (const { candidates } of discovery.found()) expect(candidates[0]?.needs).toBe('ask')
    expect(opened).toEqual([])
    await end()
  })
})

describe('two boards of one kind without serial numbers', () => {
  async function desk() {
    const bench = await discoveryBench()
    const { clock, ports, printers } = bench
    const plug = async (...now: FakePort[]) => {
      ports.splice(0, ports.length, ...now)
      await clock.advance(2_100)
    }
    await plug(board('/dev/ttyUSB0', '1-1'), board('/dev/ttyUSB1', '1-2'))
    const add = async (name: string, port: string, identity: string) =>
      printers.add({ driver: 'marlin', name, config: { port, identity }, identity })
    const left = await add('Left', '/dev/ttyUSB0', 'usb-path:1-1')
    const right = await add('Right', '/dev/ttyUSB1', 'usb-path:1-2')
    await clock.advance(100)
    const places = () => [left, right].map(id => printers.get(id).address)
    const notes = (id: string) => (printers.get(id).notes ?? []).map(({ code }) => code)
    return { ...bench, plug, left, right, places, notes }
  }

  it.each([
    ['in their order', ['1-1', '1-2'], ['/dev/ttyUSB0', '/dev/ttyUSB1']],
    ['the other way round', ['1-2', '1-1'], ['/dev/ttyUSB1', '/dev/ttyUSB0']],
  ])('keep their names when both are plugged in again %s', async (_, order, expected) => {
    const { plug, left, places, discovery, end } = await desk()
    await plug()
    const [first = '', second = ''] = order
    await plug(board('/dev/ttyUSB0', first))
    await plug(board('/dev/ttyUSB0', first), board('/dev/ttyUSB1', second))
    expect(places()).toEqual(expected)
    expect(discovery.found().find(({ identity }) => identity === 'usb-path:1-1')?.printerId).toBe(left)
    await end()
  })

  it('keep their names when one is plugged in again and gets another port', async () => {
    const { plug, left, right, places, notes, end } = await desk()
    await plug(board('/dev/ttyUSB1', '1-2'))
    await plug(board('/dev/ttyUSB1', '1-2'), board('/dev/ttyUSB2', '1-1'))
    expect(places()).toEqual(['/dev/ttyUSB2', '/dev/ttyUSB1'])
    expect(notes(left)).toEqual(['moved', 'by-socket'])
    expect(notes(right)).toEqual(['by-socket'])
    await end()
  })

  it('are not taken for a third one that got the name of a port', async () => {
    const { plug, discovery, places, end } = await desk()
    await plug(board('/dev/ttyUSB1', '1-2'))
    await plug(board('/dev/ttyUSB0', '1-7'), board('/dev/ttyUSB1', '1-2'))
    expect(discovery.found().find(({ address }) => address === '/dev/ttyUSB0')?.printerId).toBeUndefined()
    expect(places()).toEqual(['/dev/ttyUSB0', '/dev/ttyUSB1'])
    await end()
  })

  it('that were out of their sockets at one time may be swapped: the person is told, and says what is true', async () => {
    const { clock, plug, left, right, notes, printers, end } = await desk()
    await plug(board('/dev/ttyUSB1', '1-2'))
    await plug()
    await plug(board('/dev/ttyUSB0', '1-1'))
    expect(notes(left)).not.toContain('maybe-swapped')
    await plug(board('/dev/ttyUSB0', '1-1'), board('/dev/ttyUSB1', '1-2'))
    expect(notes(left)).toContain('maybe-swapped')
    expect(notes(right)).toContain('maybe-swapped')
    expect(printers.get(left).notes?.[0]).toEqual({ code: 'maybe-swapped', params: { name: 'Right' } })
    // Heat meant for the one would be the other's.
    const heat = { kind: 'set-temperature', heater: 'nozzle0', targetC: 200 } as const
    for (const id of [left, right]) {
      await expect(printers.perform(id, heat)).rejects.toMatchObject({ code: 'printer.in-doubt' })
      await expect(printers.begin(id, 'x')).rejects.toMatchObject({ code: 'printer.in-doubt' })
      expect(() => printers.refuseToPrint(id)).toThrow(expect.objectContaining({ code: 'printer.in-doubt' }))
      const stop = await printers.perform(id, { kind: 'emergency-stop' }).catch((thrown: unknown) => thrown)
      expect(stop).not.toMatchObject({ code: 'printer.in-doubt' })
    }
    printers.recognise(right)
    expect([...notes(left), ...notes(right)]).toEqual(['by-socket', 'by-socket'])
    const heated = await settled(clock, printers.perform(left, heat)).catch((thrown: unknown) => thrown)
    expect(heated).not.toMatchObject({ code: 'printer.in-doubt' })
    await settled(clock, end())
  })

  it('that were swapped are each sought where the other was, once the person says so', async () => {
    const { clock, plug, left, right, notes, places, printers, end } = await desk()
    await plug()
    await plug(board('/dev/ttyUSB0', '1-1'), board('/dev/ttyUSB1', '1-2'))
    expect([notes(left), notes(right)].map(each => each.includes('maybe-swapped'))).toEqual([true, true])
    expect(places()).toEqual(['/dev/ttyUSB0', '/dev/ttyUSB1'])
    printers.exchange(left)
    expect(places()).toEqual(['/dev/ttyUSB1', '/dev/ttyUSB0'])
    expect([printers.get(left).identity, printers.get(right).identity]).toEqual([
      'usb-path:1-2',
      'usb-path:1-1',
    ])
    expect([...notes(left), ...notes(right)]).toEqual(['by-socket', 'by-socket'])
    expect(() => printers.exchange(left)).toThrow(expect.objectContaining({ code: 'request.invalid' }))
    await settled(clock, end())
  })

  it('are told of only when both were out', () => {
    const sockets = createSockets()
    sockets.out('a')
    expect(sockets.back('a')).toEqual([])
    sockets.out('b')
    expect(sockets.back('b')).toEqual([])
    sockets.out('a')
    sockets.out('b')
    sockets.out('c')
    expect(sockets.back('b')).toEqual([])
    expect(sockets.back('a')).toEqual(['b'])
    expect(sockets.back('c')).toEqual(['a', 'b'])
    expect(sockets.back('a')).toEqual([])
  })
})

describe('the folder of devices', () => {
  const folder = () => {
    const path = mkdtempSync(join(tmpdir(), 'gantry-dev-'))
    onTestFinished(() => rmSync(path, { recursive: true, force: true }))
    return path
  }

  it('gives a sign for a serial port that comes or goes, and for nothing else', async () => {
    const path = folder()
    let signs = 0
    const stop = watchDeviceFolder(
      createLogRecorder().log,
      path,
    )(() => {
      signs++
    })
    onTestFinished(stop)
    writeFileSync(join(path, 'null'), '')
    writeFileSync(join(path, 'ttyUSB0'), '')
    await vi.waitFor(() => expect(signs).toBeGreaterThan(0), { timeout: 5_000, interval: 5 })
    const before = signs
    rmSync(join(path, 'ttyUSB0'))
    await vi.waitFor(() => expect(signs).toBeGreaterThan(before), { timeout: 5_000, interval: 5 })
  })

  it('that is not there gives none, and Gantry goes on', () => {
    const stop = watchDeviceFolder(createLogRecorder().log, join(folder(), 'missing'))(() => {})
    expect(stop).not.toThrow()
  })
})
