import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { listLinuxPorts } from '../../../../src/main/printers/serial/linux-ports.ts'
import { openingError, openNativeLine } from '../../../../src/main/printers/serial/native-line.ts'
import { createSerialPorts, toPortInfo } from '../../../../src/main/printers/serial/node-serial-ports.ts'
import { makeTempDir } from '../../../fakes/temp-dir.ts'

/** A kernel's folders with two boards of the same make, one with a serial number, and what is no USB port. */
function fakeKernel(): string {
  const root = makeTempDir()
  const usb = (place: string, tty: string, ids: Record<string, string>) => {
    const device = join(root, 'sys/devices/usb1', place)
    mkdirSync(join(device, `${place}:1.0`, tty), { recursive: true })
    for (const [file, text] of Object.entries(ids)) writeFileSync(join(device, file), `${text}\n`)
    mkdirSync(join(root, 'sys/class/tty', tty), { recursive: true })
    symlinkSync(join(device, `${place}:1.0`, tty), join(root, 'sys/class/tty', tty, 'device'))
  }
  usb('1-1.2', 'ttyUSB0', { idVendor: '1A86', idProduct: '7523' })
  usb('1-1.3', 'ttyUSB1', { idVendor: '1a86', idProduct: '7523' })
  usb('1-2', 'ttyACM0', {
    idVendor: '2c99',
    idProduct: '0002',
    serial: 'CZPX1234',
    manufacturer: 'Prusa Research',
  })
  mkdirSync(join(root, 'sys/class/tty/ttyS0/device'), { recursive: true })
  mkdirSync(join(root, 'sys/class/tty/ttyUSB9'), { recursive: true })
  return root
}

describe('the ports of a Linux machine', () => {
  it('are told with what they are and where they are plugged in, without asking another program', async () => {
    const ports = await listLinuxPorts(fakeKernel())
    expect([...ports].sort((a, b) => a.path.localeCompare(b.path))).toEqual([
      {
        path: '/dev/ttyACM0',
        vendorId: '2c99',
        productId: '0002',
        serialNumber: 'CZPX1234',
        manufacturer: 'Prusa Research',
        locationId: '1-2',
      },
      { path: '/dev/ttyUSB0', vendorId: '1a86', productId: '7523', locationId: '1-1.2' },
      { path: '/dev/ttyUSB1', vendorId: '1a86', productId: '7523', locationId: '1-1.3' },
    ])
  })

  it('are none where the kernel has no such folder', async () => {
    expect(await listLinuxPorts(makeTempDir())).toEqual([])
  })
})

describe('the ports of another system', () => {
  it('are told in one spelling', () => {
    expect(
      toPortInfo({
        path: '/dev/tty.usbserial-10',
        vendorId: '1A86',
        productId: '23',
        serialNumber: '',
        locationId: '14200000',
      }),
    ).toEqual({ path: '/dev/cu.usbserial-10', vendorId: '1a86', productId: '0023', locationId: '14200000' })
    expect(toPortInfo({ path: 'COM3' })).toEqual({ path: 'COM3' })
  })
})

describe('a port that does not open', () => {
  it.each([
    ['Error: Permission denied, cannot open /dev/ttyUSB0', 'printer.busy', /dialout/],
    ['Opening COM3: Access denied', 'printer.busy', /another program/],
    ['Error Resource temporarily unavailable Cannot lock port', 'printer.busy', /ModemManager/],
    ['Error: No such file or directory, cannot open /dev/ttyUSB0', 'printer.offline', /plugged in/],
    ['Opening COM3: File not found', 'printer.offline', /plugged in/],
  ])('%s', (text, code, advice) => {
    const error = openingError(new Error(text), '/dev/ttyUSB0')
    expect(error.code).toBe(code)
    expect(error.message).toMatch(advice)
    expect(error.details.path).toBe('/dev/ttyUSB0')
  })

  it('is told by the real binding too', async () => {
    const signal = new AbortController().signal
    const options = { path: '/dev/ttyUSB-none', baudRate: 115200 }
    await expect(openNativeLine(options, signal)).rejects.toMatchObject({ code: 'printer.offline' })
    await expect(createSerialPorts('linux').open(options, signal)).rejects.toMatchObject({
      code: 'printer.offline',
    })
  })
})
