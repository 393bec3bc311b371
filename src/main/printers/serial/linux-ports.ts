import { readdir, readFile, realpath } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { SerialPortInfo } from './serial-ports.ts'

const usable = /^(?:ttyACM|ttyUSB|ttyAMA|rfcomm)\d+$/
/** From a tty up to its USB device there are three or four folders; more is another kind of bus. */
const DEPTH_LIMIT = 6

/**
 * The ports as the kernel tells them. Asking `udevadm` would start a process every few seconds and fails where it is
 * not installed; the folder of a USB device is also its place on the bus, which no serial number replaces.
 */
export async function listLinuxPorts(root = '/'): Promise<readonly SerialPortInfo[]> {
  const classes = join(root, 'sys/class/tty')
  const names = (await readdir(classes).catch(nothingThere)).filter(name => usable.test(name))
  const ports = await Promise.all(names.map(async name => describePort(classes, name)))
  return ports.filter(port => port !== undefined)
}

async function describePort(classes: string, name: string): Promise<SerialPortInfo | undefined> {
  const path = `/dev/${name}`
  const device = await realpath(join(classes, name, 'device')).catch(() => undefined)
  if (device === undefined) return undefined
  let folder = device
  for (let depth = 0; depth < DEPTH_LIMIT; depth++) {
    const vendorId = await line(folder, 'idVendor')
    if (vendorId !== undefined) return { path, ...(await describeUsb(folder, vendorId)) }
    folder = dirname(folder)
  }
  return { path }
}

async function describeUsb(folder: string, vendorId: string): Promise<Omit<SerialPortInfo, 'path'>> {
  const [productId, serialNumber, manufacturer] = await Promise.all([
    line(folder, 'idProduct'),
    line(folder, 'serial'),
    line(folder, 'manufacturer'),
  ])
  const locationId = folder.split('/').at(-1)
  return {
    vendorId: vendorId.toLowerCase(),
    ...(productId === undefined ? {} : { productId: productId.toLowerCase() }),
    ...(serialNumber === undefined ? {} : { serialNumber }),
    ...(manufacturer === undefined ? {} : { manufacturer }),
    ...(locationId === undefined ? {} : { locationId }),
  }
}

async function line(folder: string, file: string): Promise<string | undefined> {
  const text = await readFile(join(folder, file), 'utf8').catch(() => '')
  return text.trim() || undefined
}

function nothingThere(): string[] {
  return []
}
