import { listLinuxPorts } from './linux-ports.ts'
import { openNativeLine } from './native-line.ts'
import type { SerialPortInfo, SerialPorts } from './serial-ports.ts'
import { openTcpLine } from './tcp-line.ts'

/** The ports of this machine, and serial bridges in the network where the path reads `tcp://host:port`. */
export function createSerialPorts(system: NodeJS.Platform = process.platform): SerialPorts {
  return {
    list: system === 'linux' ? () => listLinuxPorts() : listOtherPorts,
    open: (options, signal) =>
      options.path.startsWith('tcp:') ? openTcpLine(options.path, signal) : openNativeLine(options, signal),
  }
}

async function listOtherPorts(): Promise<readonly SerialPortInfo[]> {
  const { SerialPort } = await import('serialport')
  return (await SerialPort.list()).map(toPortInfo)
}

interface ForeignPortInfo {
  readonly path: string
  readonly vendorId?: string | undefined
  readonly productId?: string | undefined
  readonly serialNumber?: string | undefined
  readonly manufacturer?: string | undefined
  readonly locationId?: string | undefined
}

/** Each system writes hex in its own case; macOS lists the twin that waits for a carrier before it opens. */
export function toPortInfo(port: ForeignPortInfo): SerialPortInfo {
  return {
    path: port.path.replace('/dev/tty.', '/dev/cu.'),
    ...(port.vendorId ? { vendorId: port.vendorId.toLowerCase().padStart(4, '0') } : {}),
    ...(port.productId ? { productId: port.productId.toLowerCase().padStart(4, '0') } : {}),
    ...(port.serialNumber ? { serialNumber: port.serialNumber } : {}),
    ...(port.manufacturer ? { manufacturer: port.manufacturer } : {}),
    ...(port.locationId ? { locationId: port.locationId } : {}),
  }
}
