import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { act, blankState, type SimAct, type SimState, step } from '../../../../src/main/printers/sim/model.ts'
import { createSimPrinter } from '../../../../src/main/printers/sim/sim-printer.ts'
import { createFakeClock } from '../../../fakes/clock.ts'

function bench() {
  const clock = createFakeClock()
  const sim = createSimPrinter({ clock })
  sim.addFile('cube.gcode', ';TIME:600\n;LAYER_COUNT:50\nM104 S210\nM140 S60\n')
  return { clock, sim }
}

describe('a simulated printer', () => {
  it('heats with time, prints its file to the end and cools', async () => {
    const { clock, sim } = bench()
    expect(sim.act({ kind: 'start', path: 'cube.gcode' })).toBe(true)
    expect(sim.state().machine).toBe('preparing')
    await clock.advance(30_000)
    const warm = sim.state().nozzle.actualC
    expect(warm).toBeGreaterThan(100)
    expect(warm).toBeLessThan(208)
    await clock.advance(300_000)
    expect(sim.state().machine).toBe('printing')
    expect(sim.state().zMm).toBeGreaterThan(0.2)
    await clock.advance(600_000)
    expect(sim.state().machine).toBe('finished')
    expect(sim.state().nozzle.targetC).toBe(0)
    await clock.advance(600_000)
    expect(sim.state().nozzle.actualC).toBeLessThan(30)
  })

  it('runs out of filament in the middle and goes on only when it is loaded', async () => {
    const { clock, sim } = bench()
    sim.act({ kind: 'break', fault: 'filament-runout', atProgress: 0.5 })
    sim.act({ kind: 'start', path: 'cube.gcode' })
    await clock.advance(900_000)
    expect(sim.state()).toMatchObject({ machine: 'attention', fault: 'filament-runout' })
    expect(sim.act({ kind: 'resume' })).toBe(false)
    sim.act({ kind: 'load-filament' })
    expect(sim.act({ kind: 'resume' })).toBe(true)
    await clock.advance(400_000)
    expect(sim.state().machine).toBe('finished')
  })

  it('stops heating on a thermal runaway and refuses everything until it is reset', () => {
    const { sim } = bench()
    sim.act({ kind: 'start', path: 'cube.gcode' })
    sim.act({ kind: 'break', fault: 'thermal-runaway' })
    expect(sim.state()).toMatchObject({ machine: 'error', nozzle: { targetC: 0 } })
    expect(sim.act({ kind: 'heat', heater: 'nozzle', targetC: 200 })).toBe(false)
    expect(sim.act({ kind: 'reset' })).toBe(true)
    expect(sim.state().machine).toBe('idle')
  })

  it('stays a possible printer whatever is done to it', () => {
    const anything = fc.oneof(
      fc.constantFrom<SimAct>(
        { kind: 'start', path: 'cube.gcode' },
        { kind: 'pause' },
        { kind: 'resume' },
        { kind: 'cancel' },
        { kind: 'kill' },
        { kind: 'reset' },
        { kind: 'home' },
        { kind: 'dismiss' },
        { kind: 'break', fault: 'filament-runout' },
        { kind: 'load-filament' },
      ),
      fc.record({ kind: fc.constant('jog' as const), xMm: fc.double(), zMm: fc.double() }),
      fc.integer({ min: 1, max: 500_000 }),
    )
    const file = sampleFile()
    fc.assert(
      fc.property(fc.array(anything, { maxLength: 60 }), inputs => {
        let state: SimState = { ...blankState, files: [file] }
        for (const input of inputs) {
          state = typeof input === 'number' ? step(state, input) : (act(state, input) ?? state)
          if (state.nozzle.actualC < 20.9 || state.nozzle.actualC > file.nozzleC) return false
          if (state.job && state.job.printedS > file.durationS) return false
          if (state.machine === 'printing' && state.job === undefined) return false
        }
        return true
      }),
    )
  })
})

function sampleFile() {
  return createSimPrinter({ clock: createFakeClock() }).addFile('cube.gcode', ';TIME:600\nM104 S210\n')
}
