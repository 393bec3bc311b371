// @vitest-environment node
import { describe, expect, it } from 'vitest'
import { type Line, type LineInput, newLine, nextLine } from '../../../src/renderer/stores/line-machine.ts'

/** The page's clock and the engine's differ, as they do. */
const engineAt = 9_000_000
const wallAt = 5_000_000
type Step = readonly [atMs: number, input: LineInput]

const beat = (atMs: number): LineInput => ({ kind: 'beat', at: engineAt + atMs, everyMs: 2_000 })
const told = (atMs: number): Step => [atMs, beat(atMs)]
const tick: LineInput = { kind: 'tick' }
const frame: LineInput = { kind: 'frame' }
const gone: LineInput = { kind: 'gone' }
const renewed: LineInput = { kind: 'renewed' }
const refused: LineInput = { kind: 'refused' }
const run = (...steps: Step[]): Line =>
  steps.reduce((line, [atMs, input]) => nextLine(line, input, atMs), newLine(0, wallAt))
const down = (atMs: number, why: 'silent' | 'gone' = 'silent') => ({
  kind: 'down',
  since: engineAt + atMs,
  why,
})

describe('the state of the line', () => {
  const table: [string, Step[], unknown][] = [
    ['is not known at first', [], { kind: 'unknown' }],
    ['is not known while five seconds are not over', [[5_000, tick]], { kind: 'unknown' }],
    [
      'is down, since the page began to listen, when nothing comes',
      [[5_001, tick]],
      { kind: 'down', since: wallAt, why: 'silent' },
    ],
    ['is down when nobody is there', [[700, gone]], { kind: 'down', since: wallAt, why: 'gone' }],
    ['is up with a beat', [told(100)], { kind: 'up' }],
    ['is up while beats come', [told(0), told(2_000), told(4_000), [9_000, tick]], { kind: 'up' }],
    [
      'is down since the last beat after five seconds of silence',
      [told(0), told(2_000), [7_001, tick]],
      down(2_000),
    ],
    ['is up while anything comes', [told(0), [4_000, frame], [8_000, frame], [12_000, tick]], { kind: 'up' }],
    ['is down since anything came last', [told(0), [4_000, frame], [9_001, tick]], down(4_000)],
    ['is down at once when the engine is gone, since it was heard', [told(0), [600, gone]], down(0, 'gone')],
    ['stays as it went down', [told(0), [6_000, tick], [7_000, gone], [9_000, tick]], down(0)],
    ['stays gone', [told(0), [600, gone], [9_000, tick]], down(0, 'gone')],
    [
      'is not kept open by what is no beat',
      [
        [4_000, frame],
        [5_001, tick],
      ],
      { kind: 'down', since: wallAt, why: 'silent' },
    ],
    [
      'is up again with a beat that is a little late',
      [told(0), [6_000, tick], [9_000, beat(6_000)]],
      { kind: 'up' },
    ],
    ['is up again with the next beat', [told(0), [6_000, tick], told(8_000)], { kind: 'up' }],
    [
      'is not up again with what is no beat',
      [told(0), [6_000, tick], [8_000, frame], [8_000, renewed]],
      down(0),
    ],
    [
      'is not known where there is no heartbeat',
      [
        [100, refused],
        [60_000, tick],
      ],
      { kind: 'unknown' },
    ],
    [
      'is down where there is none and nobody either',
      [
        [100, refused],
        [200, gone],
      ],
      { kind: 'down', since: wallAt, why: 'gone' },
    ],
    ['is watched again once beats come after all', [[100, refused], told(200), [6_000, tick]], down(200)],
  ]
  it.each(table)('%s', (_what, steps, state) => {
    expect(run(...steps).state).toEqual(state)
  })

  it('is down first when a page that slept is told something before it looked at the clock', () => {
    const awake = run(told(0), told(3_600_000))
    expect(awake.state).toEqual({ kind: 'up' })
    expect(awake.returns).toBe(1)
    expect(run(told(0), [3_600_000, frame]).state).toEqual(down(0))
  })

  it('is not up for a beat that was sent before the computer slept, and is with the next', () => {
    const old: Step = [3_600_000, beat(2_000)]
    expect(run(told(0), old).state).toEqual(down(0))
    expect(run(told(0), old, [3_600_010, beat(4_000)]).state).toEqual(down(0))
    expect(run(told(0), old, told(3_601_500)).state).toEqual({ kind: 'up' })
  })

  it('is up for the second old beat: then the engine’s clock was set back', () => {
    const back = (atMs: number): Step => [atMs, beat(atMs - 7_200_000)]
    const state = run(told(0), [6_000, tick], back(8_000), back(10_000))
    expect(state.state).toEqual({ kind: 'up' })
    expect(nextLine(state, tick, 15_001).state).toEqual(down(10_000 - 7_200_000))
  })

  it('doubts no beat while it is up', () => {
    expect(run(told(0), [2_000, beat(-7_200_000)], [6_000, tick]).state).toEqual({ kind: 'up' })
  })

  it('doubts anew after it was up', () => {
    const old = (atMs: number): Step => [atMs, beat(atMs - 60_000)]
    const steps = [told(0), old(60_000), told(61_000), old(130_000)]
    expect(run(...steps).state).toEqual(down(61_000))
  })

  it('counts how often it came back: from being down, and from a short break', () => {
    expect(run(told(0), told(2_000)).returns).toBe(0)
    expect(run([6_000, tick], told(8_000)).returns).toBe(1)
    expect(run(told(0), [1_000, renewed]).returns).toBe(1)
    expect(run(told(0), [600, gone], [700, renewed], told(800)).returns).toBe(1)
    expect(run([100, renewed], told(200)).returns).toBe(0)
  })

  it('is the same object while nothing changed', () => {
    const up = run(told(0))
    expect(nextLine(up, beat(2_000), 2_000).state).toBe(up.state)
    expect(nextLine(up, tick, 2_000)).toBe(up)
  })
})
