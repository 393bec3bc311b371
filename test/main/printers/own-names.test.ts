import { describe, expect, it } from 'vitest'
import { GantryError } from '../../../src/main/contract/error.ts'
import { job as jobShape, snapshot as snapshotShape } from '../../../src/main/contract/printer.ts'
import { ownOf } from '../../../src/main/lib/own.ts'
import { heatersOf, jobOf as moonrakerJob } from '../../../src/main/printers/drivers/moonraker/state.ts'
import { status } from '../../../src/main/printers/drivers/prusalink/reply.ts'
import { jobOf, machineOf } from '../../../src/main/printers/drivers/prusalink/state.ts'
import { linkReasonOf } from '../../../src/main/printers/link-reason.ts'
import { startFleetPrinter } from '../../../src/main/printers/sim/fleet.ts'
import { createFakeClock } from '../../fakes/clock.ts'

const names = ['constructor', '__proto__', 'toString', 'hasOwnProperty', 'valueOf']

/** What every object of JavaScript has is no word that a printer or a person can say. */
describe.each(names)('the name %s', name => {
  it('is in no table that does not have it itself', () => {
    expect(ownOf({ idle: 1 }, name)).toBeUndefined()
    expect(ownOf(JSON.parse(`{"${name}":7}`), name)).toBe(7)
  })

  it('is no state of a PrusaLink printer', () => {
    const said = status.parse({ printer: { state: name }, job: { id: 3 } })
    expect(machineOf(said, false)).toBe('busy')
    expect(snapshotShape.shape.machine.safeParse({ state: machineOf(said, false) }).success).toBe(true)
    expect(jobOf(said, undefined, 'busy', [], '')).toMatchObject({ state: 'running' })
  })

  it('is no state of a job of Klipper, nor one of its heaters', () => {
    const job = moonrakerJob({ print_stats: { state: name, filename: 'a.gcode' } }, undefined, '')
    expect(job).toEqual({ state: 'none' })
    expect(jobShape.safeParse(job).success).toBe(true)
    expect(heatersOf({}, [name, `heater_generic ${name}`], { at: 1, byPlugin: true })).toMatchObject([
      { name, kind: 'sensor' },
    ])
  })

  it('is no reason why a line is down', () => {
    expect(linkReasonOf(new GantryError('printer.offline', 'x', { code: name }))).toBe('unreachable')
  })

  it('is no make that can be simulated', async () => {
    await expect(startFleetPrinter(name, 'x', createFakeClock())).rejects.toMatchObject({
      code: 'printer.unsupported',
    })
  })
})
