import type { Clock } from '../lib/clock.ts'
import type { Dispose } from '../lib/dispose.ts'
import type { Logger } from '../lib/log.ts'
import type { SerialPorts, Sighting } from '../printers/index.ts'
import type { DeviceSigns } from './device-folder.ts'

type UsbSighting = Extract<Sighting, { via: 'usb' }>

/** printer-protocols 2.4: nothing tells for sure of a plugged cable, so the list is looked at and compared. */
const lookPeriodMs = 2_000
/** A sign comes in a burst, and before the system has filled in what it knows of the port: twice, then. */
const signDelaysMs = [100, 600]

/** Ports coming and going. Looking at the list opens nothing: an unknown port may belong to a print that runs. */
export function watchUsb(parts: {
  readonly serial: SerialPorts
  readonly clock: Clock
  readonly log: Logger
  readonly signs: DeviceSigns
  readonly onSeen: (sighting: UsbSighting) => void
  readonly onGone: (path: string) => void
}): Dispose {
  const { clock } = parts
  let known = new Map<string, string>()
  let looking = false
  let again = false
  let complained = false
  let stopped = false
  let cancels: Dispose[] = []

  const compare = async () => {
    const ports = await parts.serial.list()
    if (stopped) return
    const now = new Map(ports.map(port => [port.path, JSON.stringify(port)]))
    const before = known
    known = now
    // First what is gone: a name that another board has by now is that board's.
    for (const [path, was] of before) if (now.get(path) !== was) parts.onGone(path)
    for (const port of ports) {
      if (before.get(port.path) !== now.get(port.path)) parts.onSeen({ via: 'usb', ...port })
    }
  }
  const look = async () => {
    if (looking) {
      again = true
      return
    }
    looking = true
    try {
      await compare()
      complained = false
    } catch (error) {
      if (!complained) parts.log.warn('the serial ports cannot be listed', { error })
      complained = true
    }
    looking = false
    if (again && !stopped) {
      again = false
      await look()
    }
  }
  const onSign = () => {
    for (const cancel of cancels) cancel()
    cancels = signDelaysMs.map(delayMs => clock.after(delayMs, 'discovery.usb sign', () => void look()))
  }
  void look()
  const stops = [clock.every(lookPeriodMs, 'discovery.usb', () => void look()), parts.signs(onSign)]
  return () => {
    stopped = true
    for (const stop of [...stops, ...cancels]) stop()
  }
}
