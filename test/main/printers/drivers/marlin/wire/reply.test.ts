import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseCardFile } from '../../../../../../src/main/printers/drivers/marlin/wire/card.ts'
import { parseReply } from '../../../../../../src/main/printers/drivers/marlin/wire/reply.ts'

describe('a firmware line', () => {
  it.each([
    ['ok', [{ kind: 'ok' }]],
    ['ok N12 P15 B3', [{ kind: 'ok', line: 12, plannerFree: 15, queueFree: 3 }]],
    ['ok P15 B3', [{ kind: 'ok', plannerFree: 15, queueFree: 3 }]],
    ['ok N-1', [{ kind: 'ok', line: -1 }]],
    ['okay then', [{ kind: 'text', text: 'okay then' }]],
    ['wait', [{ kind: 'wait' }]],
    ['start', [{ kind: 'start' }]],
    ['start over', [{ kind: 'text', text: 'start over' }]],
    ['Resend: 12', [{ kind: 'resend', line: 12 }]],
    ['resend:12', [{ kind: 'resend', line: 12 }]],
    ['Resend:N12', [{ kind: 'resend', line: 12 }]],
    ['rs 12', [{ kind: 'resend', line: 12 }]],
    ['rs N12', [{ kind: 'resend', line: 12 }]],
    ['rs Checksum error on line 12', [{ kind: 'resend', line: 12 }]],
    [
      'Error:checksum mismatch, Last Line: 11',
      [{ kind: 'line-damaged', text: 'checksum mismatch, Last Line: 11' }],
    ],
    [
      'Error:Line Number is not Last Line Number+1, Last Line: 4',
      [{ kind: 'line-damaged', text: 'Line Number is not Last Line Number+1, Last Line: 4' }],
    ],
    [
      'Error:No Checksum with line number, Last Line: 4',
      [{ kind: 'line-damaged', text: 'No Checksum with line number, Last Line: 4' }],
    ],
    ['Error:No Line Number with checksum, Last Line: 4', [{ kind: 'number-lost' }]],
    [
      'Error:Thermal Runaway, system stopped! Heater_ID: E0',
      [{ kind: 'error', text: 'Thermal Runaway, system stopped! Heater_ID: E0' }],
    ],
    [
      '!! Heater extruder not heating at expected rate',
      [{ kind: 'error', text: '!! Heater extruder not heating at expected rate' }],
    ],
    ['fatal: Heater/sensor error', [{ kind: 'error', text: 'fatal: Heater/sensor error' }]],
    ['echo:busy: processing', [{ kind: 'busy', why: 'processing' }]],
    ['busy:processing', [{ kind: 'busy', why: 'processing' }]],
    ['echo:busy: paused for user', [{ kind: 'busy', why: 'user' }]],
    ['echo:busy: paused for input', [{ kind: 'busy', why: 'input' }]],
    ['echo: External Reset', [{ kind: 'reset-cause', text: 'External Reset' }]],
    ['echo:Unknown command: "M9999"', [{ kind: 'unknown-command', command: 'M9999' }]],
    ['echo: cold extrusion prevented', [{ kind: 'warning', text: 'cold extrusion prevented' }]],
    [
      'X:1.00 Y:2.00 Z:3.50 E:0.25 Count X:80 Y:160 Z:1200',
      [{ kind: 'position', xMm: 1, yMm: 2, zMm: 3.5, eMm: 0.25 }],
    ],
    [
      'ok X:-1.00 Y:2.00 Z:3.00 E0:1.0 E1:2.0',
      [{ kind: 'ok' }, { kind: 'position', xMm: -1, yMm: 2, zMm: 3, eMm: 1 }],
    ],
    ['Cap:EMERGENCY_PARSER:1', [{ kind: 'capability', name: 'EMERGENCY_PARSER', on: true }]],
    ['Cap:SDCARD:0', [{ kind: 'capability', name: 'SDCARD', on: false }]],
    ['TargetExtr1:210', [{ kind: 'target', heater: 'tool', index: 1, targetC: 210 }]],
    ['TargetBed:60', [{ kind: 'target', heater: 'bed', index: 0, targetC: 60 }]],
    [
      '//action:paused filament_runout 0',
      [{ kind: 'action', verb: 'paused', argument: 'filament_runout 0' }],
    ],
    [
      '// action:prompt_begin Nozzle <b>cold</b>',
      [{ kind: 'action', verb: 'prompt_begin', argument: 'Nozzle <b>cold</b>' }],
    ],
    ['// just a comment', [{ kind: 'text', text: '// just a comment' }]],
    ['SD printing byte 123/4567', [{ kind: 'card-progress', atByte: 123, sizeBytes: 4567 }]],
    ['SD printing byte 0/0', [{ kind: 'card-idle' }]],
    ['Not SD printing', [{ kind: 'card-idle' }]],
    ['SD print paused', [{ kind: 'card-paused' }]],
    ['Done printing file', [{ kind: 'card-done' }]],
    ['File opened: CUBE.GCO Size: 4567', [{ kind: 'card-opened', name: 'CUBE.GCO', sizeBytes: 4567 }]],
    ['open failed, File: CUBE.GCO.', [{ kind: 'card-refused', text: 'open failed, File: CUBE.GCO.' }]],
    ['Writing to file: CUBE.GCO', [{ kind: 'card-writing', name: 'CUBE.GCO' }]],
    ['Done saving file.', [{ kind: 'card-written' }]],
    ['echo:SD card ok', [{ kind: 'card-state', present: true }]],
    ['echo:No media', [{ kind: 'card-state', present: false }]],
    ['echo:enqueueing "M23 cube.gco"', [{ kind: 'card-started', command: 'M23 cube.gco' }]],
    ['echo:enqueing "M24"', [{ kind: 'card-started', command: 'M24' }]],
    [
      'NORMAL MODE: Percent done: 10; print time remaining in mins: 50; Change in mins: -1',
      [{ kind: 'progress', percent: 10, remainingMin: 50 }],
    ],
    ['Progress: 50.00%; Time left: 12m;', [{ kind: 'progress', percent: 50, remainingMin: 12 }]],
    ['Progress: 5.00%; Time left: 2h 12m;', [{ kind: 'progress', percent: 5, remainingMin: 132 }]],
    ['Marlin 2.1.2', [{ kind: 'text', text: 'Marlin 2.1.2' }]],
  ])('%s', (line, expected) => {
    expect(parseReply(line)).toEqual(expected)
  })

  it('never makes the parser throw, and always says something', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 120 }).map(bytes => Buffer.from(bytes).toString('latin1')),
        line => {
          expect(parseReply(line).length).toBeGreaterThan(0)
        },
      ),
    )
  })
})

describe('a line of a card listing', () => {
  it.each([
    ['CUBE.GCO 4567', { path: 'CUBE.GCO', name: 'CUBE.GCO', sizeBytes: 4567 }],
    [
      'CUBE~1.GCO 14129 0x5515758F Cube for a cat.gcode',
      { path: 'CUBE~1.GCO', name: 'Cube for a cat.gcode', sizeBytes: 14129 },
    ],
    ['/CUBE~1.GCO 14129 "Cube.gcode"', { path: '/CUBE~1.GCO', name: 'Cube.gcode', sizeBytes: 14129 }],
    ['CUBE.GCO', { path: 'CUBE.GCO', name: 'CUBE.GCO', sizeBytes: 0 }],
    ['DIR_ENTER: /DIR~1/ "Long"', undefined],
    ['ok', undefined],
  ])('%s', (line, expected) => {
    expect(parseCardFile(line)).toEqual(expected)
  })
})
