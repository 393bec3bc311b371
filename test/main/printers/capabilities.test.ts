import { expect, it } from 'vitest'
import type { Capabilities } from '../../../src/main/contract/printer.ts'
import { allows, nothing } from '../../../src/main/printers/driver/capabilities.ts'
import type { PrinterCommand } from '../../../src/main/printers/driver/driver.ts'

/** Each command with all that allows it, one by one. */
const table: [PrinterCommand, Partial<Capabilities>[]][] = [
  [{ kind: 'pause' }, [{ pause: true }]],
  [{ kind: 'resume' }, [{ pause: true }]],
  [{ kind: 'cancel' }, [{ cancel: true }]],
  [{ kind: 'emergency-stop' }, [{ emergencyStop: 'true-stop' }, { emergencyStop: 'gcode' }]],
  [{ kind: 'set-temperature', heater: 'bed', targetC: 0 }, [{ temperatures: true }]],
  [{ kind: 'home', axes: 'x' }, [{ home: true }]],
  [{ kind: 'jog', xMm: 1 }, [{ jog: true }]],
  [{ kind: 'extrude', mm: 1 }, [{ extrude: true }]],
  [{ kind: 'set-fan', percent: 0 }, [{ fan: true }]],
  [{ kind: 'run-macro', name: 'CLEAN' }, [{ macros: ['OTHER', 'CLEAN'] }]],
  [{ kind: 'send-gcode', line: 'M115' }, [{ gcode: true }]],
  [{ kind: 'answer-prompt', promptId: '1', button: 0 }, [{ prompts: true }]],
  [{ kind: 'restart-machine' }, [{ restart: 'firmware' }, { restart: 'board' }]],
  [{ kind: 'delete-file', path: 'a' }, [{ files: true }]],
  [{ kind: 'enqueue', path: 'a' }, [{ queue: true }]],
  [{ kind: 'dequeue', id: '1' }, [{ queue: true }]],
]

const everything: Capabilities = {
  ...nothing,
  ...Object.fromEntries(Object.keys(nothing).map(key => [key, true])),
  emergencyStop: 'true-stop',
  restart: 'firmware',
  macros: ['CLEAN'],
}
const switchedOff = (can: Partial<Capabilities>[]): Capabilities => ({
  ...everything,
  ...Object.fromEntries(
    can.flatMap(Object.keys).map(key => [key, nothing[key as keyof Capabilities]] as const),
  ),
})

it.each(table)('%o is allowed by each of %o, and by nothing else', (command, reasons) => {
  for (const reason of reasons) expect(allows({ ...nothing, ...reason }, command)).toBe(true)
  expect(allows(switchedOff(reasons), command)).toBe(false)
  expect(allows(nothing, command)).toBe(false)
})

it('a printer nothing is known of can do nothing at all', () => {
  const can = Object.values(nothing).filter(value => value !== false)
  expect(can).toEqual(['none', [], 'none'])
})
