import type { Clock } from '../lib/clock.ts'
import type { Dispose } from '../lib/dispose.ts'
import type { Logger } from '../lib/log.ts'
import type { SerialPorts, Sighting } from '../printers/index.ts'

type UsbSighting = Extract<Sighting, { via: 'usb' }>

/** printer-protocols 2.4: nothing tells of a plugged cable, so the list is looked at and compared. */
const lookPeriodMs = 3_000

/** Ports coming and going. Looking at the list opens nothing: an unknown port may belong to a print that runs. */
export function watchUsb(parts: {
  readonly serial: SerialPorts
  readonly clock: Clock
  readonly log: Logger
  readonly onSeen: (sighting: UsbSighting) => void
  readonly onGone: (path: string) => void
}): Dispose {
  let known = new Map<string, string>()
  let looking = false
  let complained = false
  let stopped = false

  const look = async () => {
    if (looking) return
    looking = true
    try {
      const ports = await parts.serial.list()
      if (stopped) return
      const now = new Map(ports.map(port => [port.path, JSON.stringify(port)]))
      for (const port of ports) {
        if (known.get(port.path) !== now.get(port.path)) parts.onSeen({ via: 'usb', ...port })
      }
      for (const path of known.keys()) if (!now.has(path)) parts.onGone(path)
      known = now
      complained = false
    } catch (error) {
      if (!complained) parts.log.warn('the serial ports cannot be listed', { error })
      complained = true
    } finally {
      looking = false
    }
  }
  void look()
  const stop = parts.clock.every(lookPeriodMs, 'discovery.usb', () => void look())
  return () => {
    stopped = true
    stop()
  }
}
