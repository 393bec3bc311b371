import { describe, expect, it } from 'vitest'
import { readNodeClockSync } from '../../../src/main/engine/node-clock-sync.ts'

describe('whether the clock of this machine is synchronised', () => {
  const told = (text: string, system: NodeJS.Platform = 'linux') =>
    readNodeClockSync(system, async (program, args) =>
      program === 'timedatectl' && args.join(' ') === 'show --property=NTPSynchronized --value'
        ? text
        : 'yes',
    )

  it('gotapi 108: is what the system says of its kernel', async () => {
    expect(await told('yes\n')).toBe(true)
    expect(await told('no\n')).toBe(false)
  })

  it.each(['', 'NTPSynchronized=no', 'unknown', 'constructor'])('is not known from %j', async text => {
    expect(await told(text)).toBeUndefined()
  })

  it('is not known where there is no such service', async () => {
    expect(await told('no', 'win32')).toBeUndefined()
    expect(await readNodeClockSync('linux', async () => '')).toBeUndefined()
  })
})
