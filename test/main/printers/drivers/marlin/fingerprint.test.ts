import { describe, expect, it } from 'vitest'
import {
  findPort,
  identityOf,
  recognise,
} from '../../../../../src/main/printers/drivers/marlin/fingerprint.ts'
import { usbBoards } from '../../../../../src/main/printers/drivers/marlin/usb-ids.ts'

describe('a port', () => {
  it.each([
    [{ vendorId: '2c99', productId: '0002' }, 0.85, 'Prusa'],
    [{ vendorId: '2C99', productId: '000C' }, 0.85, 'Prusa'],
    [{ vendorId: '2c99', productId: '0fff' }, 0.85, 'Prusa'],
    [{ vendorId: '1a86', productId: '7523' }, 0.6, undefined],
    [{ vendorId: '2e8a', productId: '0005' }, 0.5, undefined],
    [{ vendorId: 'dead', productId: 'beef' }, 0.3, undefined],
    [{}, 0.2, undefined],
    [{ vendorId: '2c99', productId: '0003' }, -1, undefined],
    [{ vendorId: '1d50', productId: '614e' }, -1, undefined],
    [{ vendorId: '23c1', productId: 'b015' }, -1, undefined],
  ])('of %j is a printer with %s', (ids, sure, make) => {
    const likeness = recognise({ via: 'usb', path: '/dev/ttyUSB0', ...ids })
    expect(likeness?.sure).toBe(sure)
    expect(likeness?.make).toBe(make)
  })

  it('is never opened without asking, whatever it looks like', () => {
    for (const { vendor, product } of usbBoards) {
      const sighting = {
        via: 'usb',
        path: 'COM3',
        vendorId: vendor,
        ...(product ? { productId: product } : {}),
      } as const
      expect(recognise(sighting)?.needs).toBe('ask')
    }
  })

  it('that would wait for a carrier, or is no USB port, is left alone', () => {
    expect(
      recognise({ via: 'usb', path: '/dev/tty.usbmodem1', vendorId: '2c99', productId: '0002' }),
    ).toBeUndefined()
    expect(recognise({ via: 'usb', path: '/dev/ttyS0' })).toBeUndefined()
  })

  it('can be typed, and so can a serial bridge; a web address is another matter', () => {
    expect(recognise({ via: 'address', address: 'tcp://bridge:3333' })).toMatchObject({
      config: { port: 'tcp://bridge:3333' },
    })
    expect(recognise({ via: 'address', address: 'COM4' })?.sure).toBeGreaterThan(0.5)
    expect(recognise({ via: 'address', address: 'http://octopi.local' })).toBeUndefined()
    expect(
      recognise({ via: 'mdns', type: 'http', name: 'x', host: 'x', addresses: [], port: 80, txt: {} }),
    ).toBeUndefined()
  })
})

describe('the identity of a board', () => {
  it.each([
    [{ serialNumber: 'CZPX1234', locationId: '1-2' }, 'usb:CZPX1234'],
    [{ locationId: '1-1.3' }, 'usb-path:1-1.3'],
    [{ serialNumber: '0', locationId: '1-1.3' }, 'usb-path:1-1.3'],
    [{ serialNumber: '0000', locationId: '1-1.3' }, 'usb-path:1-1.3'],
    [{ serialNumber: '12345678', locationId: '1-1.3' }, 'usb-path:1-1.3'],
    [{ serialNumber: '' }, undefined],
    [{}, undefined],
  ])('of %j is %s', (port, identity) => {
    expect(identityOf(port)).toBe(identity)
  })
})

describe('a printer that was plugged in again', () => {
  const left = { path: '/dev/ttyUSB1', vendorId: '1a86', locationId: '1-1.2' }
  const right = { path: '/dev/ttyUSB0', vendorId: '1a86', locationId: '1-1.3' }

  it('is found under its new name', () => {
    expect(findPort({ port: '/dev/ttyUSB0', identity: 'usb-path:1-1.2' }, [right, left])?.path).toBe(
      '/dev/ttyUSB1',
    )
  })

  it('is not mistaken for the one that took its name', () => {
    expect(findPort({ port: '/dev/ttyUSB0', identity: 'usb-path:1-4' }, [right, left])).toBeUndefined()
  })

  it('with a serial number that another board carries too is taken only where it was', () => {
    const twins = [
      { path: '/dev/ttyUSB0', serialNumber: 'A50285BI', locationId: '1-1' },
      { path: '/dev/ttyUSB1', serialNumber: 'A50285BI', locationId: '1-2' },
    ]
    expect(findPort({ port: '/dev/ttyUSB1', identity: 'usb:A50285BI' }, twins)?.path).toBe('/dev/ttyUSB1')
    expect(findPort({ port: '/dev/ttyUSB7', identity: 'usb:A50285BI' }, twins)).toBeUndefined()
  })

  it('behind a name the list does not know is taken by that name', () => {
    expect(findPort({ port: '/dev/printer' }, [left])?.path).toBe('/dev/printer')
    expect(findPort({ port: '/dev/printer', identity: 'usb:X' }, [left])?.path).toBe('/dev/printer')
  })
})
