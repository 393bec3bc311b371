import { namesOf } from '../../handlers/profiles.ts'
import type { PrinterView } from '../../printers/index.ts'
import { sightOf } from './sight.ts'

const printerProfiles = namesOf(({ services }) => services.has('printer'))

/** gotapi 7.3: each printer is a service, and the room they stand in is one. */
export const roomService = {
  id: 'room',
  name: 'Printer room',
  online: true,
  scopes: namesOf(({ services }) => services.has('room')),
}

/** The same for all who may see services, so it is told as applications may know it. */
export function serviceOf(view: PrinterView) {
  const { id, name, driver, snapshot } = sightOf('applications').printer(view)
  const { link, device } = snapshot
  return {
    id,
    name,
    online: link.state === 'online',
    scopes: printerProfiles,
    type: driver === 'marlin' ? 'USB' : 'WiFi',
    ...(device.manufacturerName && { manufacturer: device.manufacturerName.slice(0, 200) }),
    ...(device.firmwareRevision && { version: device.firmwareRevision.slice(0, 50) }),
  }
}
