import { describe, expect, it } from 'vitest'
import { nextPrompt, parseAction } from '../../../../../../src/main/printers/drivers/marlin/wire/action.ts'
import { classifyFault, joinFault } from '../../../../../../src/main/printers/drivers/marlin/wire/fault.ts'

describe('a fault', () => {
  it.each([
    ['Thermal Runaway, system stopped! Heater_ID: E0', 'thermal-runaway', 'critical'],
    ['THERMAL MALFUNCTION', 'thermal-runaway', 'critical'],
    ['Heating failed, system stopped! Heater_ID: bed', 'heating-failed', 'critical'],
    ['MAXTEMP triggered, system stopped! Heater_ID: E0', 'sensor-fault', 'critical'],
    ['1: Extruder switched off. MINTEMP triggered !', 'sensor-fault', 'critical'],
    [
      'Heater switched off. Temperature difference between temp sensors is too high !',
      'sensor-fault',
      'critical',
    ],
    ['Printer halted. kill() called!', 'killed', 'critical'],
    ['Printer stopped due to errors. Fix the error and use M999 to restart.', 'killed', 'critical'],
    ['Probing failed', 'probe-failed', 'error'],
    ['STOP called because of unhomed error - restart with M999', 'probe-failed', 'error'],
    ['endstops hit: X:120.00', 'motion', 'warning'],
    ['T3 Invalid extruder', 'unsupported-command', 'error'],
    ['error writing to file', 'media', 'warning'],
    ['!! Lost communication with MCU', 'firmware-fatal', 'critical'],
    ['fatal: Heater/sensor error', 'firmware-fatal', 'critical'],
    ['Printer stopped due to errors. Supervision required.', 'killed', 'critical'],
    ['TM: error triggered!', 'thermal-runaway', 'error'],
    ['TM: error |12.5|>9.0', 'heating-failed', 'warning'],
    ['Hotend fan speed is lower than expected', 'fan', 'warning'],
    ['Print fan speed is lower than expected', 'fan', 'warning'],
    ['MMU2:FINDA DIDNT TRIGGER', 'clog', 'error'],
    ['MMU2:LOAD TO EXTR. FAILED', 'clog', 'error'],
    ['MMU2:SELECTOR CANNOT HOME', 'motion', 'error'],
    ['MMU2:MMU NOT RESPONDING', 'other', 'error'],
    ['TMC CONNECTION ERROR', 'motion', 'error'],
    ['something nobody has seen', 'other', 'error'],
  ])('%s is %s, %s', (text, code, severity) => {
    expect(classifyFault(text)).toEqual({ code, severity, text })
  })

  it('told in two lines is one', () => {
    const first = classifyFault('0')
    expect(joinFault(first, classifyFault(': Extruder switched off. MAXTEMP triggered !'))).toMatchObject({
      code: 'sensor-fault',
      text: '0: Extruder switched off. MAXTEMP triggered !',
    })
  })

  it('keeps its reason when the kill follows', () => {
    const reason = classifyFault('Heating failed, system stopped! Heater_ID: E0')
    expect(joinFault(reason, classifyFault('Printer halted. kill() called!'))).toMatchObject({
      code: 'heating-failed',
      severity: 'critical',
    })
  })
})

describe('a prompt', () => {
  it('is built line by line and closed at any time', () => {
    const lines = [
      '//action:prompt_begin Filament runout',
      '//action:prompt_button PurgeMore',
      '//action:prompt_button Continue',
      '//action:notification hello',
      '//action:prompt_show',
    ]
    const read = (from: ReturnType<typeof nextPrompt>, line: string) => {
      const action = parseAction(line)
      return action ? nextPrompt(from, action) : from
    }
    const shown = lines.reduce(read, undefined)
    expect(shown).toEqual({ text: 'Filament runout', buttons: ['PurgeMore', 'Continue'], shown: true })
    expect(read(shown, '// action:prompt_end')).toBeUndefined()
    expect(read(undefined, '//action:prompt_button Orphan')).toBeUndefined()
  })
})
