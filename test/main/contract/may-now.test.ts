import { describe, expect, it } from 'vitest'
import { gcodeInPrint } from '../../../src/main/contract/gcode-in-print.ts'
import { type Asked, demandNow, mayNow, type Now } from '../../../src/main/contract/may-now.ts'
import type { Job, MachineState } from '../../../src/main/contract/printer.ts'
import { marlin } from '../../../src/main/printers/drivers/marlin/index.ts'
import { moonraker } from '../../../src/main/printers/drivers/moonraker/index.ts'
import { noFacts } from '../../../src/main/printers/facts.ts'
import { blankSnapshot } from '../../../src/main/printers/state.ts'

const stamp = { at: 1, byPlugin: true }
const heaters: Now['heaters'] = [
  { id: 'nozzle0', kind: 'nozzle', index: 0, targetC: 210, ...stamp },
  { id: 'nozzle1', kind: 'nozzle', index: 1, targetC: 0, ...stamp },
  { id: 'bed', kind: 'bed', index: 0, targetC: 60, ...stamp },
]
const feed: NonNullable<Now['feed']> = {
  live: true,
  acknowledgedLines: 1,
  acknowledgedBytes: 1,
  sizeBytes: 9,
  fileLine: 1,
  aheadBytes: 0,
  resends: 0,
  underruns: 0,
  worstGapMs: 0,
  at: 1,
}

function now(machine: MachineState, job: Job['state'] = 'none', more: Partial<Now> = {}): Now {
  const isOver = job === 'done' || job === 'failed' || job === 'cancelled'
  const bed = { ...noFacts.bed, ...(isOver && { state: 'occupied' as const }) }
  return {
    ...blankSnapshot(moonraker.can, 0, { ...noFacts, bed }),
    machine: { state: machine },
    job: { state: job, path: 'cube.gcode' },
    heaters,
    ...more,
  }
}
const serial = { can: marlin.can }
const code = (asked: Asked, at: Now) => mayNow(asked, at)?.code.replace('printer.', '') ?? 'fine'
const type = (line: string): Asked => ({ kind: 'send-gcode', line })
const heat = (heater: string, targetC: number): Asked => ({ kind: 'set-temperature', heater, targetC })

const free = now('idle')
const printing = now('printing', 'running')
const paused = now('paused', 'paused')
const halted = now('error', 'failed')
const away = now('offline', 'running')
const running = ['preparing', 'printing', 'pausing', 'resuming', 'cancelling'] as const

describe('what may be done now', () => {
  const table: readonly (readonly [Asked, string, string, string, string, string])[] = [
    // asked, free, printing, paused, halted, away
    [{ kind: 'emergency-stop' }, 'fine', 'fine', 'fine', 'fine', 'fine'],
    [{ kind: 'restart-machine' }, 'fine', 'printing', 'printing', 'fine', 'fine'],
    [{ kind: 'home', axes: '' }, 'fine', 'printing', 'printing', 'halted', 'offline'],
    [{ kind: 'jog', zMm: -5 }, 'fine', 'printing', 'fine', 'halted', 'offline'],
    [{ kind: 'extrude', mm: 20 }, 'fine', 'printing', 'fine', 'halted', 'offline'],
    [{ kind: 'run-macro', name: 'X' }, 'fine', 'printing', 'fine', 'halted', 'offline'],
    [{ kind: 'set-fan', percent: 0 }, 'fine', 'fine', 'fine', 'halted', 'offline'],
    [{ kind: 'answer-prompt', promptId: '', button: 0 }, 'fine', 'fine', 'fine', 'halted', 'offline'],
    [heat('nozzle0', 0), 'fine', 'printing', 'fine', 'halted', 'offline'],
    [heat('bed', 0), 'fine', 'printing', 'fine', 'halted', 'offline'],
    [heat('nozzle0', 104), 'fine', 'printing', 'fine', 'halted', 'offline'],
    [heat('nozzle0', 105), 'fine', 'fine', 'fine', 'halted', 'offline'],
    [heat('nozzle1', 0), 'fine', 'printing', 'fine', 'halted', 'offline'],
    [type('G28'), 'fine', 'printing', 'printing', 'halted', 'offline'],
    [type('G91'), 'fine', 'printing', 'printing', 'halted', 'offline'],
    [type('G1 X10'), 'fine', 'printing', 'fine', 'halted', 'offline'],
    [type('M104 S0'), 'fine', 'printing', 'fine', 'halted', 'offline'],
    [type('M104 S215'), 'fine', 'fine', 'fine', 'halted', 'offline'],
    [type('M109 S215'), 'fine', 'printing', 'fine', 'halted', 'offline'],
    [type('M105'), 'fine', 'fine', 'fine', 'halted', 'offline'],
    [type('M108'), 'fine', 'printing', 'fine', 'halted', 'offline'],
    [type('m112'), 'fine', 'fine', 'fine', 'fine', 'offline'],
    [type('FIRMWARE_RESTART'), 'fine', 'printing', 'printing', 'halted', 'offline'],
    [{ kind: 'begin' }, 'fine', 'printing', 'printing', 'halted', 'offline'],
    [{ kind: 'pause' }, 'not-printing', 'fine', 'paused', 'halted', 'offline'],
    [{ kind: 'resume' }, 'not-printing', 'not-paused', 'fine', 'halted', 'offline'],
    [{ kind: 'cancel' }, 'not-printing', 'fine', 'fine', 'halted', 'offline'],
    [{ kind: 'delete-file', path: 'cube.gcode' }, 'fine', 'printing', 'printing', 'fine', 'fine'],
    [{ kind: 'delete-file', path: 'vase.gcode' }, 'fine', 'fine', 'fine', 'fine', 'fine'],
    [{ kind: 'put' }, 'fine', 'fine', 'fine', 'fine', 'fine'],
    [{ kind: 'enqueue', path: 'x' }, 'fine', 'fine', 'fine', 'fine', 'fine'],
    [{ kind: 'dequeue', id: 'x' }, 'fine', 'fine', 'fine', 'fine', 'fine'],
  ]
  it.each(table)('%j', (asked, ...expected) => {
    expect([free, printing, paused, halted, away].map(at => code(asked, at))).toEqual(expected)
  })

  it.each(running)('moves nothing while a machine is %s, whatever its job is called', state => {
    for (const job of ['running', 'none'] as const) {
      expect(code({ kind: 'jog', xMm: 1 }, now(state, job))).toBe('printing')
      expect(code({ kind: 'begin' }, now(state, job))).toBe('printing')
    }
  })

  it.each(['idle', 'busy', 'finished', 'attention'] as const)(
    'goes by the job of a machine that calls itself %s',
    state => {
      expect(code({ kind: 'jog', xMm: 1 }, now(state, 'running'))).toBe('printing')
      expect(code({ kind: 'jog', xMm: 1 }, now(state, 'paused'))).toBe('fine')
      expect(code({ kind: 'home', axes: '' }, now(state, 'paused'))).toBe('printing')
      expect(code({ kind: 'home', axes: '' }, now(state, 'done'))).toBe('fine')
    },
  )

  it('starts nothing on a bed that is not clear, nor on a machine that is busy or waits for somebody', () => {
    for (const job of ['done', 'failed', 'cancelled'] as const) {
      expect(code({ kind: 'begin' }, now('idle', job))).toBe('bed-to-clear')
    }
    for (const state of ['busy', 'attention'] as const) {
      expect(code({ kind: 'begin' }, now(state))).toBe('busy')
    }
    for (const state of ['idle', 'finished', 'cancelled'] as const) {
      expect(code({ kind: 'begin' }, now(state))).toBe('fine')
    }
    expect(code({ kind: 'begin' }, now('unknown'))).toBe('offline')
  })

  it('begins and heats nothing on a machine that is held, cools it, and asks it whatever there is to ask', () => {
    const held = now('idle', 'none', { holds: [{ class: 'killed', text: 'kill() called', since: 1 }] })
    const heating: Asked[] = [
      { kind: 'begin' },
      { kind: 'run-macro', name: 'PREHEAT' },
      ...[heat('bed', 1), type('M104 S200'), type('M190 S60'), type('START_PRINT'), type('  start_print')],
    ]
    for (const asked of heating) expect([asked, code(asked, held)]).toEqual([asked, 'held'])
    const harmless: Asked[] = [
      { kind: 'put' },
      { kind: 'home', axes: '' },
      { kind: 'set-fan', percent: 100 },
      ...[heat('bed', 0), type('M104 S0'), type('M105'), type('G28'), type('STATUS')],
    ]
    for (const asked of harmless) expect([asked, code(asked, held)]).toEqual([asked, 'fine'])
  })

  it('lets nobody say what they saw of a run that is on, or may be on', () => {
    for (const kind of ['clear-bed', 'release-hold'] as const) {
      for (const state of [...running, 'paused'] as const)
        expect(code({ kind }, now(state, 'running'))).toBe('printing')
      expect(code({ kind }, now('idle', 'paused'))).toBe('printing')
      for (const job of ['running', 'paused'] as const)
        expect(code({ kind }, now('offline', job))).toBe('offline')
      for (const job of ['none', 'done', 'failed'] as const)
        expect(code({ kind }, now('offline', job))).toBe('fine')
    }
    expect(code({ kind: 'clear-bed' }, now('error', 'failed'))).toBe('fine')
    expect(code({ kind: 'release-hold' }, now('error', 'failed'))).toBe('halted')
  })

  it('steers by where the print is on its way', () => {
    const at = (state: MachineState, job: Job['state'] = 'running') => now(state, job)
    const steered = (state: MachineState) =>
      (['pause', 'resume', 'cancel'] as const).map(kind => code({ kind }, at(state)))
    expect(steered('preparing')).toEqual(['fine', 'not-paused', 'fine'])
    expect(steered('pausing')).toEqual(['busy', 'busy', 'fine'])
    expect(steered('resuming')).toEqual(['fine', 'busy', 'fine'])
    expect(steered('cancelling')).toEqual(['busy', 'busy', 'busy'])
    expect(steered('attention')).toEqual(['fine', 'fine', 'fine'])
  })

  it('may switch heaters off under a print that is being cancelled', () => {
    expect(code(heat('nozzle0', 0), now('cancelling', 'running'))).toBe('fine')
  })

  it('leaves a print from the card of a serial printer alone, paused or not: it knows no way back', () => {
    const fromCard = now('paused', 'paused', serial)
    const fed = now('paused', 'paused', { ...serial, feed })
    for (const asked of [{ kind: 'jog', xMm: 1 }, { kind: 'extrude', mm: 1 }, type('G1 X1')] as const) {
      expect([asked, code(asked, fromCard), code(asked, fed)]).toEqual([asked, 'printing', 'fine'])
    }
    // Gantry's own macros for it home.
    expect(code({ kind: 'run-macro', name: 'Level the bed' }, fed)).toBe('printing')
    expect(code(heat('nozzle0', 0), fromCard)).toBe('fine')
  })

  it('neither writes nor deletes on the card of a serial printer that prints', () => {
    for (const asked of [{ kind: 'put' }, { kind: 'delete-file', path: 'other' }] as const) {
      expect(code(asked, now('printing', 'running', serial))).toBe('printing')
      expect(code(asked, now('paused', 'paused', serial))).toBe('printing')
      expect(code(asked, now('idle', 'none', serial))).toBe('fine')
    }
  })

  it('says why in a sentence and with the state the machine is in', () => {
    expect(() => demandNow({ kind: 'home', axes: '' }, printing)).toThrowError(
      expect.objectContaining({
        code: 'printer.printing',
        message: expect.stringContaining('would spoil it'),
        details: { state: 'printing' },
      }),
    )
    expect(() => demandNow({ kind: 'home', axes: '' }, free)).not.toThrow()
  })
})

describe('a line of G-code under a print', () => {
  it.each([
    ['M105', 'harmless'],
    ['m 105', 'harmless'],
    ['M0105', 'harmless'],
    ['M117 G28 is not done', 'harmless'],
    ['M220 S110 ; a little faster, G28', 'harmless'],
    ['SET_PRESSURE_ADVANCE ADVANCE=0.04', 'harmless'],
    ['M112', 'stop'],
    ['M876 S0', 'answer'],
    ['G1 E5', 'move'],
    ['g0x5', 'move'],
    // Several commands in one line, as RepRapFirmware, Smoothie and Repetier take them.
    ['M105 G28', 'other'],
    ['M106 S0 M84', 'other'],
    ['M117 a:G28', 'other'],
    ['M105:G28', 'other'],
    ['STATUS G28', 'other'],
    ['G1 X1 G92 X0', 'other'],
    ['N5 G28*22', 'other'],
    ['G28', 'other'],
    ['G10', 'other'],
    ['G1.1', 'other'],
    ['M105_X', 'other'],
    ['M1056', 'other'],
    ['T1', 'other'],
    ['PRINT_START', 'other'],
    ['STATUS_QUO', 'other'],
    ['', 'other'],
  ])('%j is %s', (line, kind) => {
    expect(gcodeInPrint(line).kind).toBe(kind)
  })

  it.each([
    ['M104 S210', 'nozzle', 210],
    ['M104 T1 S210', 'nozzle1', 210],
    ['M104', 'nozzle', 0],
    ['M104 R210 S0', 'nozzle', 0],
    ['M104 S', 'nozzle', 0],
    ['M140 S-5', 'bed', -5],
    ['M141 S40', 'chamber', 40],
  ])('%j heats %s to %d', (line, heater, targetC) => {
    expect(gcodeInPrint(line)).toEqual({ kind: 'heat', heater, targetC, waits: false })
  })

  it('is measured by the hottest nozzle when it names none', () => {
    expect(code(type('M104 S104'), printing)).toBe('printing')
    expect(code(type('M104 T1 S50'), printing)).toBe('fine')
  })
})
