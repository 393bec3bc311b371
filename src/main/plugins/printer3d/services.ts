import type { PrinterView } from '../../printers/index.ts'

export const roomId = 'room'
export const printerProfiles = ['3dprinter', 'printers', 'printerhistory', 'printercontrol', 'printerfiles']
export const roomProfiles = ['printers', 'printercontrol', 'printergroups', 'printersetup', 'printerdoctor']

/** gotapi 7.3: one service for each printer, and one for the room they stand in. */
export function servicesOf(printers: readonly PrinterView[]) {
  const room = { id: roomId, name: 'Printer room', online: true, scopes: roomProfiles }
  return [room, ...printers.map(serviceOf)]
}

export function serviceOf({ id, name, driver, snapshot: { link, device } }: PrinterView) {
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
