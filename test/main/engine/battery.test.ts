import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readLinuxBattery } from '../../../src/main/engine/battery-linux.ts'
import { parsePmset, parseWin32Battery } from '../../../src/main/engine/battery-text.ts'
import { makeTempDir } from '../../fakes/temp-dir.ts'

describe('the battery of a Linux machine', () => {
  /** The folder of the kernel with these supplies in it. */
  const machine = (supplies: Record<string, Record<string, string>>) => {
    const root = makeTempDir()
    for (const [name, files] of Object.entries(supplies)) {
      const folder = join(root, 'sys/class/power_supply', name)
      mkdirSync(folder, { recursive: true })
      for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, file), `${text}\n`)
    }
    return readLinuxBattery(root)
  }
  const mains = (online: string) => ({ AC: { type: 'Mains', online } })
  const bat = (more: Record<string, string>) => ({ type: 'Battery', status: 'Discharging', ...more })

  it('is none on a server, and none in a container without the folder', async () => {
    expect(await machine(mains('1'))).toBeUndefined()
    expect(await readLinuxBattery(makeTempDir())).toBeUndefined()
  })

  it('is not that of a mouse', async () => {
    expect(await machine({ hid: bat({ scope: 'Device', capacity: '5' }) })).toBeUndefined()
  })

  it('tells its level and how long it lasts by energy', async () => {
    const BAT0 = bat({
      capacity: '50',
      energy_now: '20000000',
      energy_full: '40000000',
      power_now: '10000000',
    })
    expect(await machine({ ...mains('0'), BAT0 })).toEqual({ draining: true, percent: 50, minutesLeft: 120 })
  })

  it('tells it by charge too, and a current that is negative on its way out', async () => {
    const BAT0 = bat({ charge_now: '1000000', charge_full: '4000000', current_now: '-2000000' })
    expect(await machine({ BAT0 })).toEqual({ draining: true, percent: 25, minutesLeft: 30 })
  })

  it('is two in some laptops, one emptied after the other', async () => {
    const BAT0 = bat({
      status: 'Unknown',
      energy_now: '30000000',
      energy_full: '30000000',
      power_now: '0',
    })
    const BAT1 = bat({ energy_now: '10000000', energy_full: '50000000', power_now: '20000000' })
    expect(await machine({ BAT0, BAT1 })).toEqual({ draining: true, percent: 50, minutesLeft: 120 })
  })

  it('lasts for nobody knows how long in the first seconds', async () => {
    const BAT0 = bat({ capacity: '41', energy_now: '20000000', power_now: '0' })
    expect(await machine({ BAT0 })).toEqual({ draining: true, percent: 41 })
  })

  it('does not drain while the machine is plugged in', async () => {
    const BAT0 = bat({ capacity: '12' })
    expect(await machine({ ...mains('1'), BAT0 })).toEqual({ draining: false, percent: 12 })
    expect(await machine({ BAT0: { ...BAT0, status: 'Charging' } })).toEqual({ draining: false, percent: 12 })
  })
})

describe('the battery of a Mac', () => {
  const told = (source: string, rest: string) =>
    `Now drawing from '${source}'\n -InternalBattery-0 (id=22151267)\t${rest} present: true\n`

  it.each([
    ['drains', told('Battery Power', '85%; discharging; 3:21 remaining'), true, 85, 201],
    [
      'drains, for how long is not worked out',
      told('Battery Power', '19%; discharging; (no estimate)'),
      true,
      19,
    ],
    ['drains, for 0:00', told('Battery Power', '19%; discharging; 0:00 remaining'), true, 19],
    ['is charged', told('AC Power', '52%; charging; 1:10 remaining'), false, 52, 70],
    ['is full', told('AC Power', '100%; charged; 0:00 remaining'), false, 100],
  ])('%s', (_what, text, draining, percent, minutesLeft?: number) => {
    expect(parsePmset(text)).toEqual({ draining, percent, ...(minutesLeft ? { minutesLeft } : {}) })
  })

  it('is none in a Mac mini', () => {
    expect(parsePmset("Now drawing from 'AC Power'\n")).toBeUndefined()
  })
})

describe('the battery of a Windows machine', () => {
  it.each([
    [
      'drains',
      '{"BatteryStatus":1,"EstimatedChargeRemaining":64,"EstimatedRunTime":150}',
      { draining: true, percent: 64, minutesLeft: 150 },
    ],
    [
      'is critical',
      '{"BatteryStatus":5,"EstimatedChargeRemaining":4,"EstimatedRunTime":6}',
      { draining: true, percent: 4, minutesLeft: 6 },
    ],
    [
      'is plugged in and lasts 136 years',
      '{"BatteryStatus":2,"EstimatedChargeRemaining":101,"EstimatedRunTime":71582788}',
      { draining: false, percent: 100 },
    ],
    [
      'is the first of two',
      '[{"BatteryStatus":1,"EstimatedChargeRemaining":30,"EstimatedRunTime":null},{"BatteryStatus":2}]',
      { draining: true, percent: 30 },
    ],
    ['is none', '', undefined],
    ['is an error', 'Get-CimInstance : Access denied', undefined],
    ['is of a form nobody knows', '{"BatteryStatus":"one"}', undefined],
  ])('%s', (_what, text, battery) => {
    expect(parseWin32Battery(text)).toEqual(battery)
  })

  it('never throws, nor does that of a Mac, whatever a program prints', () => {
    fc.assert(
      fc.property(fc.string(), text => {
        parseWin32Battery(text)
        parsePmset(text)
      }),
    )
  })
})
