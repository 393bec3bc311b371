import { expect, it } from 'vitest'
import { awakeCommand, keepNodeAwake } from '../../../src/main/engine/node-keep-awake.ts'

it.each([
  ['linux', ['systemd-inhibit', '--what=sleep:idle', '--who=Gantry', '--why=Left: printing', 'cat']],
  ['darwin', ['caffeinate', '-i', '-w', '42']],
  ['win32', undefined],
] as const)('sleep is held off on %s by the system’s own program', (system, command) => {
  expect(awakeCommand(system, 'Left: printing', 42)).toEqual(command)
})

it('a machine without that program is left as it is', () => {
  const letSleep = keepNodeAwake('a test')
  letSleep()
  letSleep()
})
