import type { PrinterView } from '../../printers/index.ts'

export const roomId = 'room'
export const printerProfiles = ['3dprinter', 'printers', 'printerhistory', 'printercontrol', 'printerfiles']
export const roomProfiles = ['printers', 'printercontrol', 'printersetup', 'printerdoctor']

/** gotapi 7.3: one service for each printer, and one for the room they stand in. */
export function servicesOf(printers: readonly PrinterView[]) {
  const room = { id: roomId, name: 'Printer room', online: true, scopes: roomProfiles }
  return [
    room,
    ...printers.map(({ id, name, driver, snapshot }) => ({
      id,
      name,
      online: snapshot.link.state === 'online',
      scopes: printerProfiles,
      type: driver === 'marlin' ? 'USB' : 'WiFi',
      ...(snapshot.device.manufacturerName && {
        manufacturer: snapshot.device.manufacturerName.slice(0, 200),
      }),
      ...(snapshot.device.firmwareRevision && { version: snapshot.device.firmwareRevision.slice(0, 50) }),
    })),
  ]
}
