import { afterEach, describe, expect, it } from 'vitest'
import type { MarlinTraits } from '../../../../../src/main/printers/sim/marlin/traits.ts'
import { openMarlin, type SessionBench } from './session-bench.ts'

let bench: SessionBench
afterEach(async () => bench.end())

const lastJob = () => bench.watched.events.findLast(event => event.kind === 'job')?.job
const atThePanel = (kind: 'pause' | 'resume' | 'cancel') => bench.board.sim.act({ kind })

describe('a print from card', () => {
  it('is noticed on a firmware that announces no card and says nothing of what is done at its panel', async () => {
    bench = await openMarlin({ card: false, hostActions: false, autoReport: false })
    await bench.watched.next('machine', ({ state }) => state === 'idle')
    bench.board.sim.act({ kind: 'start', path: 'cube.gcode' })
    await bench.watched.next('job', ({ job }) => job.state === 'running', 20_000)
    await bench.watched.next('job', ({ job }) => job.state === 'done', 1_000_000)
  })

  it('is noticed on a firmware that answers after its ok', async () => {
    bench = await openMarlin({ card: false, hostActions: false, autoReport: false, okFirst: true })
    await bench.pass(10_000)
    bench.board.sim.act({ kind: 'start', path: 'cube.gcode' })
    await bench.watched.next('job', ({ job }) => job.state === 'running', 20_000)
  })

  it('is asked about once where the firmware knows no card, and never again', async () => {
    bench = await openMarlin({ card: false, knowsCard: false })
    await bench.pass(60_000)
    expect(bench.board.marlin.executed.filter(line => line.startsWith('M27'))).toEqual(['M27'])
  })
})

/** Marlin says “Not SD printing” of a paused print; only its open file tells it from one that was stopped. */
describe.each([
  ['Marlin 2.x', {}],
  ['Marlin 2.x without host actions', { hostActions: false }],
  ['Marlin without host actions and without M27 C', { hostActions: false, cardTellsFile: false }],
  ['Marlin without host actions and reports', { hostActions: false, autoReport: false }],
  ['a Prusa', { hostActions: false, cardTellsFile: false, pausedCardSays: 'SD print paused' }],
  ['RepRapFirmware', { hostActions: false, cardTellsFile: false, pausedCardSays: undefined }],
] satisfies readonly (readonly [string, Partial<MarlinTraits>])[])('the panel of %s', (name, traits) => {
  const printing = async () => {
    bench = await openMarlin(traits)
    bench.board.sim.act({ kind: 'start', path: 'cube.gcode' })
    await bench.watched.next('job', ({ job }) => (job.progress ?? 0) > 0.1, 400_000)
    bench.watched.mark()
  }

  it('stops it, and it was cancelled', async () => {
    await printing()
    atThePanel('cancel')
    await bench.watched.next('job', ({ job }) => job.state === 'cancelled', 60_000)
    await bench.watched.next('machine', ({ state }) => state === 'idle')
  })

  const pausesAndResumes = async () => {
    await printing()
    atThePanel('pause')
    await bench.watched.next('machine', ({ state }) => state === 'paused', 60_000)
    await bench.pass(60_000)
    expect(lastJob()?.state).toBe('paused')
    atThePanel('resume')
    await bench.watched.next('machine', ({ state }) => state === 'printing', 30_000)
    await bench.watched.next('job', ({ job }) => job.state === 'done', 1_000_000)
  }
  // An older RepRapFirmware says the same of a paused print and of one that runs.
  if (name !== 'RepRapFirmware') it('pauses and resumes it, and it is done', pausesAndResumes)

  it('stops it while it is paused', async () => {
    await printing()
    atThePanel('pause')
    if (name !== 'RepRapFirmware')
      await bench.watched.next('machine', ({ state }) => state === 'paused', 60_000)
    await bench.pass(5_000)
    atThePanel('cancel')
    await bench.watched.next('job', ({ job }) => job.state === 'cancelled', 60_000)
  })
})

describe('a print from card that ends', () => {
  it('is done, also when its last moves take longer than it says that it prints', async () => {
    bench = await openMarlin({ hostActions: false, autoReport: false })
    const { marlin } = bench.board
    marlin.say('echo:enqueueing "M23 cube.gco"', 'echo:enqueueing "M24"')
    await bench.watched.next('job', ({ job }) => job.state === 'running')
    await bench.watched.next('job', ({ job }) => job.state === 'cancelled', 60_000)
    marlin.say('Done printing file')
    await bench.watched.next('job', ({ job }) => job.state === 'done')
  })
})
