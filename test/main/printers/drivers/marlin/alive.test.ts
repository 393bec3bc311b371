import { afterEach, describe, expect, it } from 'vitest'
import { createHostBench } from './host/host-bench.ts'
import { openMarlin, type SessionBench } from './session-bench.ts'

/** What real firmware says while it heats: `busy:` only where it was built with BUSY_WHILE_HEATING. */
describe('a print of ours on a firmware that heats without a busy', () => {
  it.each([
    ['only temperatures', { keepalive: 'not-heating' }],
    ['not a word', { keepalive: 'not-heating', heatReports: false }],
    ['only temperatures, and never busy', { keepalive: 'never' }],
  ] as const)('says %s for four minutes, and is hot in the end', async (_name, traits) => {
    const bench = createHostBench({ ...traits, autoReport: false })
    await bench.open()
    // One busy, of a command that has nothing to do with heat.
    await bench.print(['G4 S5', 'M190 S115', 'G1 X1'])
    await bench.until('the print is over', () => bench.status()?.state !== 'preparing', 600_000)
    expect(bench.last('ended')).toBeUndefined()
    expect(bench.board.sim.state().bed.targetC).toBe(115)
    await bench.until('it is done', () => bench.status()?.state === 'finished', 60_000)
    expect(bench.executed()).toEqual(['G4 S5', 'M190 S115', 'G1 X1', 'M400'])
  })

  it('says nothing for minutes while it levels', async () => {
    const bench = createHostBench({ keepalive: 'never', autoReport: false })
    await bench.open()
    await bench.print(['G4 S1500', 'G1 X1'])
    await bench.until('it is done', () => bench.status()?.state === 'finished', 1_600_000)
    expect(bench.last('ended')).toBeUndefined()
  })
})

describe('a printer whose print Gantry does not feed', () => {
  let bench: SessionBench
  afterEach(async () => bench.end())

  const printsFromCard = (board: SessionBench['board']) => {
    board.sim.act({ kind: 'start', path: 'cube.gcode' })
  }

  it.each([
    ['once it has said busy', { keepalive: 'not-heating' }],
    ['and never says busy', { keepalive: 'never' }],
    ['and says nothing while it heats', { keepalive: 'never', heatReports: false }],
  ] as const)(
    'keeps its heat when its print from card lets every question wait, %s',
    async (_name, traits) => {
      bench = await openMarlin({ ...traits, cardTurnMs: 20_000, autoReport: false })
      await bench.type('G4 S3')
      printsFromCard(bench.board)
      await bench.pass(400_000)
      expect(bench.watched.events.filter(({ kind }) => kind === 'ended')).toEqual([])
      expect(bench.board.sim.state()).toMatchObject({ machine: 'printing', nozzle: { targetC: 210 } })
      expect(bench.board.marlin.executed.filter(line => /^M(?:104|140|107|108)/.test(line))).toEqual([])
    },
  )

  it('is greeted while it heats for its own print, however long that takes, and is not reset', async () => {
    bench = await openMarlin({ resetsOnOpen: false, cardTurnMs: 3_000 }, async (board, clock) => {
      printsFromCard(board)
      await clock.advance(100_000)
    })
    await bench.watched.next('machine', ({ state }) => state === 'printing')
    expect(bench.board.sim.state()).toMatchObject({ machine: 'printing', nozzle: { targetC: 210 } })
    // Where it is is not asked: it would stand still to answer.
    expect(bench.board.marlin.executed.filter(line => line.startsWith('M114'))).toEqual([])
  })
})

describe('what a person is told of the heaters when a printer falls silent', () => {
  let bench: SessionBench
  afterEach(async () => bench.end())

  const silence = async (heat: string | undefined) => {
    bench = await openMarlin()
    if (heat) await bench.type(heat)
    await bench.pass(3_000)
    bench.board.cut()
    const { reason } = await bench.watched.next('ended')
    return reason.message
  }

  it('is that they may be on, where they were', async () => {
    expect(await silence('M104 S200')).toMatch(/may still be on/)
  })

  it('is nothing, where it had said that they are off', async () => {
    expect(await silence(undefined)).not.toMatch(/heater/i)
  })

  it('is first that it says nothing, and only after ten minutes that the line is lost', async () => {
    bench = await openMarlin({ autoReport: false })
    bench.board.late(100_000_000)
    await bench.watched.next('fault', ({ fault }) => fault.class === 'link-lost', 90_000)
    expect(bench.watched.events.filter(({ kind }) => kind === 'ended')).toEqual([])
    const { reason } = await bench.watched.next('ended', () => true, 620_000)
    expect(reason).toMatchObject({ code: 'wire.timeout', message: 'The printer stopped answering.' })
  })
})
