import { describe, expect, it } from 'vitest'
import type { Fault, MachineState, Snapshot } from '../../../../src/main/contract/printer.ts'
import { operatingStatusOf } from '../../../../src/main/plugins/printer3d/dwapi.ts'
import { nothing } from '../../../../src/main/printers/driver/capabilities.ts'
import { machineOf as marlin } from '../../../../src/main/printers/drivers/marlin/machine-state.ts'
import {
  machineOf as moonraker,
  shutdownFault,
} from '../../../../src/main/printers/drivers/moonraker/state.ts'
import { jobOf, machineOf as octoprint } from '../../../../src/main/printers/drivers/octoprint/state.ts'
import { status } from '../../../../src/main/printers/drivers/prusalink/reply.ts'
import {
  jobOf as prusaJob,
  machineOf as prusalink,
} from '../../../../src/main/printers/drivers/prusalink/state.ts'
import { blankSnapshot } from '../../../../src/main/printers/state.ts'

const snapshot = blankSnapshot(nothing, 0)
const seen = (state: MachineState, more: Partial<Snapshot> = {}) =>
  operatingStatusOf({ ...snapshot, link: { state: 'online', since: 0 }, machine: { state }, ...more })

/** printer-protocols 1.2, a row for each word a make has: its machine state, and what `3dprinter` tells of it. */
describe('the states of printer-protocols 1.2', () => {
  const operational = { operational: true }
  const printing = { ...operational, printing: true }
  it.each([
    ['Offline', { closedOrError: true }, 'offline', 'offline'],
    ['Offline after error: SerialException', { closedOrError: true }, 'offline', 'offline'],
    ['Error: Thermal Runaway', { error: true, closedOrError: true }, 'error', 'error:other'],
    ['Opening serial connection', {}, 'unknown', 'unknown'],
    ['Detecting serial connection', {}, 'unknown', 'unknown'],
    ['Connecting', {}, 'unknown', 'unknown'],
    ['Operational', { ...operational, ready: true }, 'idle', 'idle'],
    ['Transferring file to SD', printing, 'busy', 'preparing'],
    ['Finishing', { ...printing, finishing: true }, 'busy', 'preparing'],
    ['Starting', printing, 'preparing', 'preparing'],
    ['Printing', printing, 'printing', 'printing'],
    ['Printing from SD', printing, 'printing', 'printing'],
    ['Pausing', { ...printing, pausing: true }, 'pausing', 'paused'],
    ['Paused', { ...operational, paused: true }, 'paused', 'paused'],
    ['Resuming', { ...printing, resuming: true }, 'resuming', 'printing'],
    ['Cancelling', { ...printing, cancelling: true }, 'cancelling', 'stopping'],
    ['Something new', {}, 'busy', 'preparing'],
  ] as const)('OctoPrint: %s', (text, flags, state, status) => {
    expect([octoprint(flags, text), seen(state)]).toEqual([state, status])
  })

  const stats = (state: string, more: object = {}) => ({ print_stats: { state, ...more } })
  it.each([
    ['standby', stats('standby'), 'idle', 'idle'],
    [
      'standby while a macro runs',
      { ...stats('standby'), idle_timeout: { state: 'Printing' } },
      'busy',
      'preparing',
    ],
    ['printing, nothing laid yet', stats('printing', { print_duration: 0 }), 'preparing', 'preparing'],
    ['printing', stats('printing', { print_duration: 3 }), 'printing', 'printing'],
    ['paused', stats('paused'), 'paused', 'paused'],
    ['paused with a message', stats('paused', { message: 'Load filament' }), 'attention', 'paused'],
    ['complete', stats('complete'), 'idle', 'idle'],
    ['cancelled', stats('cancelled'), 'idle', 'idle'],
    ['a print that failed', stats('error', { message: 'Move out of range' }), 'idle', 'idle'],
    ['a new word', stats('levitating'), 'busy', 'preparing'],
  ] as const)('Moonraker: %s', (_about, bags, state, status) => {
    expect([moonraker(bags).state, seen(state)]).toEqual([state, status])
  })

  const job = { id: 1 }
  it.each([
    ['IDLE', undefined, 'idle', 'idle'],
    ['READY', undefined, 'idle', 'idle'],
    ['BUSY', undefined, 'busy', 'preparing'],
    ['BUSY', job, 'preparing', 'preparing'],
    ['PRINTING', job, 'printing', 'printing'],
    ['PAUSED', job, 'paused', 'paused'],
    ['FINISHED', undefined, 'finished', 'completed'],
    ['STOPPED', undefined, 'cancelled', 'idle'],
    ['ATTENTION', job, 'attention', 'paused'],
    ['ERROR', undefined, 'error', 'error:other'],
    ['LEVITATING', undefined, 'busy', 'preparing'],
  ] as const)('PrusaLink: %s, job %o', (state, running, machine, word) => {
    const told = status.parse({ printer: { state }, job: running })
    expect([prusalink(told, false), seen(machine)]).toEqual([machine, word])
  })
  it('PrusaLink: BUSY after its job was told to stop', () => {
    expect(prusalink(status.parse({ printer: { state: 'BUSY' }, job }), true)).toBe('cancelling')
    expect(seen('cancelling')).toBe('stopping')
  })

  const quiet = { critical: false, waits: false, stream: 'none', card: 'none', busy: false } as const
  it.each([
    ['nothing', quiet, 'idle', 'idle'],
    ['busy: processing', { ...quiet, busy: true }, 'busy', 'preparing'],
    ['busy: paused for user', { ...quiet, waits: true, card: 'printing' }, 'attention', 'paused'],
    ['host heats', { ...quiet, stream: 'preparing' }, 'preparing', 'preparing'],
    ['host streams', { ...quiet, stream: 'printing' }, 'printing', 'printing'],
    ['SD printing byte', { ...quiet, card: 'printing' }, 'printing', 'printing'],
    ['host pauses', { ...quiet, stream: 'pausing' }, 'pausing', 'paused'],
    ['host resumes', { ...quiet, stream: 'resuming' }, 'resuming', 'printing'],
    ['host cancels', { ...quiet, stream: 'cancelling' }, 'cancelling', 'stopping'],
    ['Error: and kill', { ...quiet, critical: true, stream: 'printing' }, 'error', 'error:other'],
  ] as const)('Marlin: %s', (_about, facts, state, status) => {
    expect([marlin(facts), seen(state)]).toEqual([state, status])
  })
})

describe('the reason in operatingStatus', () => {
  const fault = (about: Fault['class']): Fault => ({
    class: about,
    severity: 'critical',
    text: '',
    recoverBy: 'none',
    since: 0,
  })
  it.each([
    ['Heater extruder not heating at expected rate', 'error:temperature'],
    ['MCU shutdown: ADC out of range', 'error:temperature'],
    ['Lost communication with MCU', 'error:connection'],
    ['Shutdown due to webhooks request', 'error:other'],
    ['Timer too close', 'error:other'],
  ])('Klipper: %s', (message, status) => {
    expect(seen('error', { faults: [shutdownFault(message, 0)] })).toBe(status)
  })
  it.each([
    ['filament-runout', 'error:filament'],
    ['media', 'error:storage'],
    ['motion', 'error:mechanical'],
    ['probe-failed', 'error:mechanical'],
    ['resend', 'error:connection'],
    ['thermal-runaway', 'error:temperature'],
  ] as const)('%s', (about, status) => {
    expect(seen('error', { faults: [fault(about)] })).toBe(status)
    expect(seen('attention', { faults: [fault(about)] })).toBe(status)
    expect(seen('printing', { faults: [fault(about)] })).toBe('printing')
  })
})

describe('a job', () => {
  it('of OctoPrint is paused, not lost, while the firmware asks its person something', () => {
    const reply = { job: { file: { path: 'a.gcode' } }, progress: { completion: 40 } }
    expect(jobOf(reply, 'attention', undefined, '7')).toMatchObject({ state: 'paused', path: 'a.gcode' })
  })

  it('of PrusaLink has the path its own calls take, however the server words it', () => {
    const about = (path: string) => ({ id: 7, file: { name: 'a.gcode', path } })
    const now = status.parse({ printer: { state: 'PRINTING' }, job: { id: 7 } })
    const drives = [{ path: '/local', name: 'My gcodes' }, { path: '/sdcard' }]
    const pathOf = (path: string) => prusaJob(now, about(path), 'printing', drives, '').path
    expect(pathOf('/usb')).toBe('/usb/a.gcode')
    expect(pathOf('/usb/')).toBe('/usb/a.gcode')
    expect(pathOf('/My gcodes/a.gcode')).toBe('/local/a.gcode')
    expect(pathOf('/My gcodes/dir/a.gcode')).toBe('/local/dir/a.gcode')
  })

  it('of PrusaLink has not failed where there was none, only because the printer has a fault', () => {
    const stopped = status.parse({ printer: { state: 'ERROR' } })
    expect(prusaJob(stopped, undefined, 'error', [], 'before')).toEqual({ state: 'none' })
    expect(prusaJob({ ...stopped, job: { id: 7 } }, undefined, 'error', [], 'before')).toMatchObject({
      state: 'failed',
    })
    expect(prusaJob(stopped, { id: 7 }, 'error', [], 'before')).toMatchObject({ state: 'failed', run: '7' })
  })
})
