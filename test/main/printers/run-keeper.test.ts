import { describe, expect, it } from 'vitest'
import { createRunKeeper, type RunSight } from '../../../src/main/printers/driver/run-keeper.ts'
import { createFakeClock } from '../../fakes/clock.ts'

/** A host that answers with what the test puts into its mouth. */
function bench() {
  const clock = createFakeClock()
  const asked: RunSight[] = []
  const answers: ((run: string | undefined) => void)[] = []
  const refusals: (() => void)[] = []
  let told = 0
  const runs = createRunKeeper({
    clock,
    ask: sight => {
      asked.push(sight)
      return new Promise((resolve, reject) => {
        answers.push(resolve)
        refusals.push(() => reject(new Error('no history')))
      })
    },
    onKnown: () => {
      told += 1
    },
  })
  return {
    clock,
    runs,
    asked,
    told: () => told,
    answer: async (run: string | undefined, which = answers.length - 1) => {
      answers[which]?.(run)
      await clock.advance(0)
    },
    refuse: async () => {
      refusals.at(-1)?.()
      await clock.advance(0)
    },
  }
}

const cube = (more: Partial<RunSight> = {}): RunSight => ({
  file: 'cube.gcode',
  isOn: true,
  elapsedS: 0,
  ...more,
})

describe('a run', () => {
  it('is asked about once and keeps its name to its end, while it rests and after', async () => {
    const { runs, asked, answer, told } = bench()
    expect(runs.of(cube())).toBeUndefined()
    expect(runs.of(cube({ elapsedS: 1 }))).toBeUndefined()
    await answer('7')
    expect([told(), asked.length]).toEqual([1, 1])
    for (const sight of [cube({ elapsedS: 90 }), cube({ elapsedS: 88 }), cube({ isOn: false, elapsedS: 90 })])
      expect(runs.of(sight)).toBe('7')
    expect(runs.of(cube({ isOn: false, elapsedS: undefined }))).toBe('7')
    expect(asked).toHaveLength(1)
  })

  it.each<[string, Partial<RunSight>, Partial<RunSight>]>([
    ['of another file', {}, { file: 'vase.gcode' }],
    ['that begins after one that ended', { isOn: false }, {}],
    ['whose time has begun anew, also when its end was not seen', { elapsedS: 90 }, { elapsedS: 87 }],
  ])('%s is another', async (_what, before, after) => {
    const { runs, answer, asked } = bench()
    runs.of(cube(before))
    await answer('7')
    runs.of(cube(before))
    expect(runs.of(cube(after))).toBeUndefined()
    await answer('8')
    expect(runs.of(cube(after))).toBe('8')
    expect(asked).toHaveLength(2)
  })

  it('is named by a host that announces it, before or after it was seen', async () => {
    const { runs, answer, asked, told } = bench()
    runs.named('cube.gcode', '7')
    expect([runs.of(cube()), asked.length]).toEqual(['7', 0])
    runs.none()
    expect(runs.of(cube())).toBeUndefined()
    await answer(undefined)
    expect(told()).toBe(0)
    runs.named('cube.gcode', '8')
    expect([runs.of(cube()), told()]).toEqual(['8', 1])
  })

  it('takes no name that was announced for another file, or for a run that is over', async () => {
    const { runs } = bench()
    runs.named('vase.gcode', '7')
    expect(runs.of(cube())).toBeUndefined()
    runs.none()
    runs.named('cube.gcode', '8')
    expect(runs.of(cube({ isOn: false }))).toBeUndefined()
  })

  it('takes no late answer that was for the one before it', async () => {
    const { runs, answer } = bench()
    runs.of(cube())
    runs.of(cube({ file: 'vase.gcode' }))
    await answer('7', 0)
    expect(runs.of(cube({ file: 'vase.gcode' }))).toBeUndefined()
  })

  it('goes by its file and its beginning where the host does not know it within three seconds', async () => {
    const { runs, clock, told } = bench()
    runs.of(cube({ elapsedS: 30 }))
    const began = Math.round(clock.now() / 1000 - 30)
    await clock.advance(2_999)
    expect(told()).toBe(0)
    await clock.advance(1)
    expect([runs.of(cube({ elapsedS: 33 })), told()]).toEqual([`cube.gcode@${began}`, 1])
  })

  it('goes by its file and its length where it is over already and the host keeps no history', async () => {
    const { runs, refuse } = bench()
    const sight = cube({ isOn: false, elapsedS: 1234.5 })
    runs.of(sight)
    await refuse()
    expect(runs.of(sight)).toBe('cube.gcode#1234.5')
  })

  it('leaves no timer behind', async () => {
    for (const end of [bench().runs.none, undefined]) {
      const { runs, clock } = bench()
      runs.of(cube())
      if (end) runs.none()
      else runs.stop()
      expect(clock.waiting()).toEqual([])
    }
  })
})
