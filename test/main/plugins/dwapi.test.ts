import { describe, expect, it } from 'vitest'
import type { Heater, Snapshot } from '../../../src/main/contract/printer.ts'
import {
  deviceOf,
  operatingStatusOf,
  printerPathOf,
  queueOf,
  statusOf,
  timeStampsOf,
  uriOf,
} from '../../../src/main/plugins/printer3d/dwapi.ts'
import { nothing } from '../../../src/main/printers/driver/capabilities.ts'
import { blankSnapshot } from '../../../src/main/printers/state.ts'

const blank: Snapshot = {
  ...blankSnapshot(nothing, 0),
  link: { state: 'online', since: 0 },
  machine: { state: 'idle' },
}
const nozzle = (actualC: number | undefined, index = 0): Heater => ({
  id: `nozzle${index}`,
  kind: 'nozzle',
  index,
  at: 1_900_000_000_000,
  byPlugin: false,
  ...(actualC !== undefined && { actualC }),
})

describe('DWAPI-3DP data', () => {
  it('gotapi 87: a printer without a name still has a product name', () => {
    expect(deviceOf('Desk', blank).productName).toBe('Desk')
    expect(deviceOf('', { ...blank, device: { productName: '' } }).productName).toBe('3D printer')
  })

  it('gotapi 88: four strings are always there and may be empty', () => {
    expect(deviceOf('x', blank)).toMatchObject({
      manufacturerName: '',
      modelNumber: '',
      firmwareRevision: '',
      serialNumber: '',
      systemId: '0x0',
    })
  })

  it('gotapi 89: the other four are strings when they are there', () => {
    const device = { softwareRevision: '1', hardwareRevision: '2', partNumber: '3', protocolRevision: '4' }
    expect(deviceOf('x', { ...blank, device })).toMatchObject(device)
    expect(Object.keys(deviceOf('x', blank))).not.toContain('partNumber')
  })

  it('gotapi 92: nozzleTemp lies within 0 and 1000, or is left out', () => {
    expect(statusOf({ ...blank, heaters: [nozzle(24.5)] }).nozzleTemp).toBe(24.5)
    for (const odd of [-3, 1000.1, undefined]) {
      expect(statusOf({ ...blank, heaters: [nozzle(odd)] })).not.toHaveProperty('nozzleTemp')
    }
    expect(statusOf({ ...blank, heaters: [nozzle(20), nozzle(30, 1)] }).nozzles).toEqual([
      { index: 0, nozzleTemp: 20 },
      { index: 1, nozzleTemp: 30 },
    ])
  })

  it('stamps with the measurement’s own time, or says that there is none', () => {
    expect(timeStampsOf({ ...blank, heaters: [nozzle(20)] }, () => 60)).toEqual({
      timeStamp: 1_900_000_000_000,
      timeStampString: '2030-03-17T18:46:40+0100',
      timeStampByPlugin: false,
    })
    expect(timeStampsOf(blank, () => 60)).toBeUndefined()
  })

  it('gotapi 108: a stamp has the offset of its own day, on both sides of a change to summer time', () => {
    const change = Date.UTC(2030, 2, 31, 1)
    const berlin = (at: number) => (at < change ? 60 : 120)
    const stampAt = (at: number) =>
      timeStampsOf({ ...blank, heaters: [{ ...nozzle(20), at }] }, berlin)?.timeStampString
    expect(stampAt(change - 1_000)).toBe('2030-03-31T01:59:59+0100')
    expect(stampAt(change)).toBe('2030-03-31T03:00:00+0200')
    const heard = timeStampsOf({ ...blank, heardAt: change - 1_000 }, berlin)
    expect(heard?.timeStampString).toBe('2030-03-31T01:59:59+0100')
  })

  it('has a word for every state, and the reason in it when something is wrong', () => {
    const fault = {
      class: 'filament-runout',
      severity: 'warning',
      text: '',
      recoverBy: 'resume',
      since: 0,
    } as const
    const table: [Partial<Snapshot>, string][] = [
      [{}, 'idle'],
      [{ machine: { state: 'printing' } }, 'printing'],
      [{ machine: { state: 'cancelling' } }, 'stopping'],
      [{ job: { state: 'done' } }, 'completed'],
      [{ machine: { state: 'paused' } }, 'paused'],
      [{ machine: { state: 'paused' }, faults: [fault] }, 'error:filament'],
      [{ machine: { state: 'error' } }, 'error:other'],
      [{ machine: { state: 'error' }, faults: [{ ...fault, class: 'heating-failed' }] }, 'error:temperature'],
      [{ link: { state: 'offline', since: 0 } }, 'offline'],
      [{ link: { state: 'connecting', since: 0 } }, 'unknown'],
    ]
    for (const [change, word] of table) expect(operatingStatusOf({ ...blank, ...change })).toBe(word)
  })

  it('names files on the printer by a URI that leads back to them', () => {
    for (const path of ['a.gcode', '/usb/Würfel 1.gcode', 'dir/a#b?.gcode', '100%.gcode']) {
      expect(printerPathOf(uriOf(path), [{ path, name: 'x' }])).toBe(path)
    }
    const onCard = { path: 'CUBE.GCO', name: 'cube.gcode' }
    expect(printerPathOf('printer:/cube.gcode', [onCard])).toBe('CUBE.GCO')
    const twins = [onCard, { path: 'CUBE~1.GCO', name: 'cube.gcode' }]
    expect(printerPathOf('printer:/cube.gcode', twins)).toBe('cube.gcode')
    expect(printerPathOf('file:///a', [])).toBeUndefined()
    expect(printerPathOf('printer:/%E0%A4%A', [])).toBeUndefined()
  })

  it('lists no running job of a printer that is away', () => {
    const job = { state: 'running', path: 'a.gcode', progress: 0.456 } as const
    expect(queueOf({ ...blank, job })).toMatchObject([{ order: 0, msg: 'Printing 45 %' }])
    expect(queueOf({ ...blank, job, link: { state: 'offline', since: 0 } })).toEqual([])
  })
})
