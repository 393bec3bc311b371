import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  nextSender,
  nextWrite,
} from '../../../../../../src/main/printers/drivers/marlin/wire/sender-machine.ts'
import {
  type SenderInput,
  type SenderState,
  startSender,
} from '../../../../../../src/main/printers/drivers/marlin/wire/sender-state.ts'

const follow = (state: SenderState, ...inputs: readonly SenderInput[]) => inputs.reduce(nextSender, state)
const ok = (atMs = 0): SenderInput => ({ kind: 'heard-ok', atMs })
const wrote = (atMs = 0, long = false): SenderInput => ({
  kind: 'wrote-new',
  bytes: 20,
  long,
  asksHeat: false,
  atMs,
})
/** An M105: a poll, or a nudge. */
const asked = (atMs = 0): SenderInput => ({
  kind: 'wrote-new',
  bytes: 20,
  long: false,
  asksHeat: true,
  atMs,
})
const again = (atMs = 0): SenderInput => ({
  kind: 'wrote-again',
  bytes: 20,
  long: false,
  asksHeat: false,
  atMs,
})
const heat = (atMs = 0): SenderInput => ({ kind: 'heard-heat', atMs })
const line = (atMs = 0): SenderInput => ({ kind: 'heard-line', atMs })
const okHeat = (atMs = 0): SenderInput => ({ kind: 'heard-ok', temperatures: true, atMs })
const resend = (line: number, atMs = 0): SenderInput => ({ kind: 'heard-resend', line, atMs })
const time = (atMs: number, feeding = true): SenderInput => ({ kind: 'time', atMs, feeding })
const busy = (atMs = 0): SenderInput => ({ kind: 'heard-busy', atMs })

const running = follow(startSender(0, { startWaitMs: 0 }), { kind: 'wrote-greeting', atMs: 0 }, ok())
/** Numbers 1 to 4 written and acknowledged. */
const atFive = follow(running, wrote(), ok(), wrote(), ok(), wrote(), ok(), wrote(), ok())

describe('a greeting', () => {
  it('waits ten seconds for a board that may be booting, or for its start', () => {
    const booting = startSender(0, { startWaitMs: 10_000 })
    expect(nextWrite(follow(booting, time(9_999)))).toBeUndefined()
    expect(nextWrite(follow(booting, time(10_000)))).toEqual({ kind: 'greeting' })
    expect(nextWrite(follow(booting, { kind: 'heard-start', atMs: 10 }))).toEqual({ kind: 'greeting' })
    expect(nextWrite(follow(booting, { kind: 'heard-wait', atMs: 10 }))).toEqual({ kind: 'greeting' })
  })

  it('is written three times before nobody is there', () => {
    let state = startSender(0, { startWaitMs: 0 })
    for (const atMs of [0, 3_000, 6_000]) {
      expect(nextWrite(state)).toEqual({ kind: 'greeting' })
      state = follow(state, { kind: 'wrote-greeting', atMs }, time(atMs + 2_999), time(atMs + 3_000))
    }
    expect(state.phase).toEqual({ kind: 'failed', fault: { code: 'no-answer' } })
  })

  it('that was damaged goes again, and the ok of its resend is no answer', () => {
    const damaged = follow(startSender(0, { startWaitMs: 0 }), { kind: 'wrote-greeting', atMs: 0 }, resend(7))
    expect(nextWrite(damaged)).toEqual({ kind: 'greeting' })
    const repeated = follow(damaged, ok(), { kind: 'wrote-greeting', atMs: 5 })
    expect(repeated.phase.kind).toBe('greeting')
    expect(follow(repeated, ok()).phase.kind).toBe('running')
  })

  it('lost in a reset goes again', () => {
    const state = follow(startSender(0, { startWaitMs: 0 }), { kind: 'wrote-greeting', atMs: 0 })
    expect(nextWrite(follow(state, { kind: 'heard-start', atMs: 1 }))).toEqual({ kind: 'greeting' })
  })
})

describe('the window', () => {
  it('is one line until the firmware tells how much room it has', () => {
    expect(nextWrite(running)).toEqual({ kind: 'new' })
    expect(nextWrite(follow(running, wrote()))).toBeUndefined()
    const wide = follow(running, wrote(), { kind: 'heard-ok', queueFree: 3, atMs: 0 }, wrote(), wrote())
    expect(nextWrite(wide)).toEqual({ kind: 'new' })
    expect(nextWrite(follow(wide, wrote()))).toBeUndefined()
  })

  it('never believes in more than a firmware queues, nor in none', () => {
    expect(follow(running, wrote(), { kind: 'heard-ok', queueFree: 99, atMs: 0 }).windowLines).toBe(4)
    expect(follow(running, wrote(), { kind: 'heard-ok', queueFree: 0, atMs: 0 }).windowLines).toBe(1)
  })

  it('never holds more bytes than the receive buffer', () => {
    const wide = follow(running, wrote(), { kind: 'heard-ok', queueFree: 4, atMs: 0 })
    const full = follow(wide, { kind: 'wrote-new', bytes: 90, long: false, asksHeat: false, atMs: 0 })
    expect(nextWrite(full, 30)).toEqual({ kind: 'new' })
    expect(nextWrite(full, 40)).toBeUndefined()
  })

  it('is not opened further by an ok nobody asked for', () => {
    const state = follow(atFive, ok(), ok(), ok(), wrote())
    expect(nextWrite(state)).toBeUndefined()
    expect(state.taken).toBe(4)
  })

  it('opens when the firmware says it waits, because an ok got lost', () => {
    const state = follow(atFive, wrote(), { kind: 'heard-wait', atMs: 0 })
    expect(nextWrite(state)).toEqual({ kind: 'new' })
    expect(state.taken).toBe(5)
  })
})

describe('a resend', () => {
  it('repeats the line after the ok that belongs to it, then goes on', () => {
    const asked = follow(atFive, wrote(), resend(5))
    expect(nextWrite(asked)).toBeUndefined()
    const released = follow(asked, ok())
    expect(nextWrite(released)).toEqual({ kind: 'again', number: 5 })
    const repeated = follow(released, again())
    expect(nextWrite(repeated)).toBeUndefined()
    expect(repeated.taken).toBe(4)
    const done = follow(repeated, ok())
    expect(nextWrite(done)).toEqual({ kind: 'new' })
    expect([done.taken, done.resends]).toEqual([5, 1])
  })

  it('repeats one line per ok until caught up, ignoring what lines in flight still complain about', () => {
    const wide = follow(
      atFive,
      wrote(),
      { kind: 'heard-ok', queueFree: 4, atMs: 0 },
      wrote(),
      wrote(),
      wrote(),
    )
    let state = follow(wide, resend(6), ok(), resend(6), ok(), resend(6), ok())
    for (const number of [6, 7, 8]) {
      expect(nextWrite(state)).toEqual({ kind: 'again', number })
      state = follow(state, again())
      expect(nextWrite(state)).toBeUndefined()
      state = follow(state, ok())
    }
    expect(nextWrite(state)).toEqual({ kind: 'new' })
  })

  it('without its ok is repeated after half a second', () => {
    const asked = follow(atFive, wrote(), resend(5, 1_000))
    expect(nextWrite(follow(asked, time(1_499)))).toBeUndefined()
    const late = follow(asked, time(1_500))
    expect(nextWrite(late)).toEqual({ kind: 'again', number: 5 })
    expect(late.swallowedOks).toBe(1)
  })

  it('of a line already acknowledged and not yet followed is ignored', () => {
    expect(follow(atFive, resend(5))).toBe(atFive)
  })

  it.each([
    ['ahead of everything written', 6],
    ['of line 0', 0],
  ])('%s ends the exchange', (_name, line) => {
    expect(follow(atFive, resend(line)).phase).toEqual({
      kind: 'failed',
      fault: { code: 'resend-out-of-range', line, next: 5 },
    })
  })

  it('older than the lines kept ends the exchange, as a corrupted digit once made 034497 of 134497', () => {
    let state = running
    for (let line = 0; line < 400; line++) state = follow(state, wrote(), ok())
    expect(follow(state, resend(200)).phase.kind).toBe('running')
    expect(follow(state, resend(100)).phase.kind).toBe('failed')
  })

  it('of the same line ten times in a row is a fault, never an endless loop', () => {
    let state = follow(atFive, wrote())
    for (let times = 1; times < 10; times++) state = follow(state, resend(5), ok(), again())
    expect(state.phase.kind).toBe('running')
    expect(follow(state, resend(5)).phase).toEqual({
      kind: 'failed',
      fault: { code: 'resend-loop', line: 5 },
    })
  })

  it('that comes ten thousand times ends the exchange early, and what follows changes nothing', () => {
    let state = follow(atFive, wrote())
    for (let times = 0; times < 10_000; times++) state = follow(state, resend(5), ok(), again())
    expect(state.phase).toEqual({ kind: 'failed', fault: { code: 'resend-loop', line: 5 } })
    expect([state.resends, state.flights.length]).toEqual([9, 1])
    expect(nextWrite(state)).toBeUndefined()
  })

  it('never comes for a line whose number got lost: the next line brings it', () => {
    expect(nextWrite(follow(atFive, wrote(), { kind: 'heard-number-lost', atMs: 0 }))).toEqual({
      kind: 'new',
    })
  })
})

describe('silence', () => {
  it('is broken by one nudge whose ok lets everything before it go', () => {
    const quiet = follow(atFive, wrote(0), time(29_999))
    expect(nextWrite(quiet)).toBeUndefined()
    const nudged = follow(quiet, time(30_000))
    expect(nextWrite(nudged)).toEqual({ kind: 'nudge' })
    const written = follow(nudged, asked(30_000))
    expect(nextWrite(written)).toBeUndefined()
    expect(follow(written, okHeat(30_010))).toMatchObject({
      taken: 6,
      flights: [],
    })
  })

  it('is noticed after three seconds once the firmware is known to say that it is busy', () => {
    const state = follow(atFive, busy(0), wrote(0))
    expect(nextWrite(follow(state, time(3_000)))).toEqual({ kind: 'nudge' })
    expect(nextWrite(follow(state, busy(2_000), time(4_999)))).toBeUndefined()
  })

  it('is never counted while any line comes, whichever, however long a command takes', () => {
    for (const sign of [heat, line, busy]) {
      let state = follow(atFive, busy(0), wrote(0, true))
      for (let atMs = 0; atMs < 7_200_000; atMs += 20_000)
        state = follow(state, sign(atMs), time(atMs + 19_000))
      expect(state.phase.kind).toBe('running')
      expect([state.flights.length, nextWrite(state)]).toEqual([1, undefined])
    }
  })

  it.each([
    ['a print of ours, without a busy before', 150_000, atFive, false, true],
    ['a print of ours, from a firmware that knows busy', 60_000, follow(atFive, busy(0)), false, true],
    ['no print of ours: it may be printing from its card', 600_000, follow(atFive, busy(0)), false, false],
    [
      'a long command that never said busy, from a firmware that did',
      3_600_000,
      follow(atFive, busy(0)),
      true,
      true,
    ],
    ['a long command without any word', 3_600_000, atFive, true, false],
  ])('without a single line ends the exchange: %s', (_name, limitMs, before, long, feeding) => {
    let state = follow(before, wrote(0, long))
    for (let atMs = 1_000; atMs < limitMs; atMs += 1_000) {
      state = follow(state, time(atMs, feeding))
      if (nextWrite(state)?.kind === 'nudge') state = follow(state, asked(atMs))
    }
    expect(state.phase.kind).toBe('running')
    expect(follow(state, time(limitMs, feeding)).phase).toEqual({ kind: 'failed', fault: { code: 'silent' } })
  })

  it('after a busy of the very command that runs ends the exchange early: it would have said so again', () => {
    const state = follow(atFive, wrote(0, true), busy(2_000))
    expect(follow(state, time(151_999)).phase.kind).toBe('running')
    expect(follow(state, time(152_000)).phase.kind).toBe('failed')
    // The next command begins anew.
    const next = follow(state, ok(3_000), wrote(3_000, true))
    expect(follow(next, time(200_000)).phase.kind).toBe('running')
  })

  it('counts from when something was asked, not from when it was last heard', () => {
    const state = follow(atFive, wrote(5_000_000))
    expect(follow(state, time(5_059_000)).phase.kind).toBe('running')
  })

  it('of the ok alone is answered by a few nudges, a minute apart, and then by waiting', () => {
    let state = follow(atFive, busy(0), wrote(0))
    const nudgedAt: number[] = []
    for (let atMs = 0; atMs < 900_000; atMs += 1_000) {
      state = follow(state, heat(atMs), time(atMs, false))
      if (nextWrite(state)?.kind !== 'nudge') continue
      nudgedAt.push(atMs)
      state = follow(state, asked(atMs))
    }
    expect(nudgedAt).toEqual([3_000, 63_000, 123_000])
    expect(state.phase.kind).toBe('running')
  })

  it('that was only a block is got over: what was nudged meanwhile is answered and opens nothing', () => {
    const nudged = follow(
      atFive,
      busy(0),
      wrote(0),
      time(3_000),
      asked(3_000),
      heat(60_000),
      time(64_000),
      asked(64_000),
    )
    expect(nudged.flights.length).toBe(2)
    // The line itself, then each of the nudges.
    const after = follow(nudged, ok(65_000), okHeat(65_001), wrote(65_002))
    expect(follow(after, okHeat(65_003)).flights.length).toBe(1)
    expect(nextWrite(follow(after, okHeat(65_003)))).toBeUndefined()
    expect(nextWrite(follow(after, okHeat(65_003), ok(65_004)))).toEqual({ kind: 'new' })
  })
})

describe('what the machine keeps of each line', () => {
  it('is nothing to begin with', () => {
    expect(startSender(7, { startWaitMs: 0 })).toMatchObject({
      flights: [],
      busySeen: false,
      headBusy: false,
      nudge: false,
      nudges: 0,
      lastOkMs: 7,
      heardMs: 7,
    })
  })

  it('is all set back when the numbers are', () => {
    const worn = follow(atFive, busy(0), wrote(0), ok(1), { kind: 'renumber' })
    expect(nextWrite(worn)).toEqual({ kind: 'greeting' })
    const fresh = follow(worn, { kind: 'wrote-greeting', atMs: 9 }, ok(10))
    expect(fresh).toMatchObject({
      next: 1,
      replay: 1,
      taken: 0,
      flights: [],
      nudge: false,
      nudges: 0,
      headBusy: false,
    })
    expect(fresh).toMatchObject({ lastOkMs: 10, heardMs: 10, busySeen: true })
  })

  it('is not set back while something is in flight, nor before it was greeted', () => {
    const flying = follow(atFive, wrote())
    expect(follow(flying, { kind: 'renumber' })).toBe(flying)
    const booting = startSender(0, { startWaitMs: 10_000 })
    expect(follow(booting, { kind: 'renumber' })).toBe(booting)
  })

  it('says of the head alone whether it is busy', () => {
    expect(follow(atFive, busy(0)).headBusy).toBe(false)
    expect(follow(atFive, wrote(), busy(0)).headBusy).toBe(true)
    expect(follow(atFive, wrote(), busy(0), ok(1)).headBusy).toBe(false)
  })

  it('is that a wait with nothing in flight is a sign of life and no more', () => {
    const waited = follow(atFive, { kind: 'heard-wait', atMs: 77 })
    expect(waited).toMatchObject({ taken: 4, flights: [], lastOkMs: 77, heardMs: 77 })
  })

  it('is a resend until it is caught up with, and not after', () => {
    const repeated = follow(atFive, wrote(), resend(5), ok(), again())
    expect(repeated.resend).toBeDefined()
    expect(follow(repeated, ok()).resend).toBeUndefined()
  })

  it('is that lines in flight behind a damaged one complain as often as there are of them, and are not counted as new', () => {
    const wide = follow(
      atFive,
      wrote(),
      { kind: 'heard-ok', queueFree: 4, atMs: 0 },
      wrote(),
      wrote(),
      wrote(),
    )
    const asked = follow(wide, resend(6))
    expect(asked.resend?.echoes).toBe(2)
    const once = follow(asked, ok(), resend(6))
    expect([once.resend?.echoes, once.resend?.times, once.owedOks]).toEqual([1, 1, 1])
    const twice = follow(once, resend(6))
    expect([twice.resend?.echoes, twice.owedOks]).toEqual([0, 2])
    expect(follow(twice, resend(6)).resend?.times).toBe(2)
  })
})

describe('a greeting that is answered by', () => {
  const greeted = follow(startSender(0, { startWaitMs: 0 }), { kind: 'wrote-greeting', atMs: 0 })

  it('nothing goes again after three seconds and not before', () => {
    expect(nextWrite(follow(greeted, time(2_999)))).toBeUndefined()
    expect(nextWrite(follow(greeted, time(3_000)))).toEqual({ kind: 'greeting' })
  })

  it('an ok before it was written is not answered: that belongs to somebody else', () => {
    const unwritten = startSender(0, { startWaitMs: 0 })
    expect(follow(unwritten, ok()).phase.kind).toBe('greeting')
  })

  it('a busy waits on, and one that is due already goes at once', () => {
    const due = startSender(0, { startWaitMs: 0 })
    expect(nextWrite(follow(due, busy(5)))).toEqual({ kind: 'greeting' })
    expect(nextWrite(follow(greeted, busy(2_000), time(4_999)))).toBeUndefined()
    expect(nextWrite(follow(greeted, busy(2_000), time(5_000)))).toEqual({ kind: 'greeting' })
  })

  it('a lost number is written again', () => {
    expect(nextWrite(follow(greeted, { kind: 'heard-number-lost', atMs: 1 }))).toEqual({ kind: 'greeting' })
  })
})

describe('temperatures and busy while it is greeted', () => {
  it('mean that somebody heats or homes: the greeting waits for the end of it', () => {
    for (const sign of [heat, busy]) {
      let state = follow(startSender(0, { startWaitMs: 0 }), { kind: 'wrote-greeting', atMs: 0 })
      for (let atMs = 1_000; atMs < 600_000; atMs += 1_000) state = follow(state, sign(atMs), time(atMs))
      expect(nextWrite(state)).toBeUndefined()
      expect(follow(state, ok(600_000)).phase.kind).toBe('running')
      expect(nextWrite(follow(state, time(602_000)))).toEqual({ kind: 'greeting' })
    }
  })

  it('are told from other talk: what is no printer is given up', () => {
    let state = startSender(0, { startWaitMs: 0 })
    for (const atMs of [0, 3_000, 6_000]) {
      state = follow(state, { kind: 'wrote-greeting', atMs }, line(atMs + 2_999), time(atMs + 3_000))
    }
    expect(state.phase.kind).toBe('failed')
  })
})

describe('a firmware that starts again', () => {
  it('ends the exchange, and nothing brings it back', () => {
    const reset = follow(atFive, { kind: 'heard-start', atMs: 0 })
    expect(reset.phase).toEqual({ kind: 'failed', fault: { code: 'reset' } })
    expect(follow(reset, ok(), time(1), resend(3))).toBe(reset)
    expect(nextWrite(reset)).toBeUndefined()
  })
})

/** A firmware as Marlin reads a line: it takes the next number, asks for it again otherwise, and says ok. */
function talkThrough(lines: number, harm: readonly Harm[], windowLines: number, keepsBroken: boolean) {
  let state = follow(startSender(0, { startWaitMs: 0 }), { kind: 'wrote-greeting', atMs: 0 }, ok())
  const executed: number[] = []
  const nudges = new Set<number>()
  let queue: { number: number; damaged: boolean }[] = []
  let written = 0
  let atMs = 0

  const say = (input: SenderInput) => {
    state = nextSender(state, input)
  }
  const takeOne = () => {
    const line = queue.shift()
    if (!line) return
    const fate = harm[written % Math.max(harm.length, 1)] ?? 'none'
    const expected = executed.length + 1
    if (line.damaged || line.number !== expected) {
      if (!keepsBroken) queue = []
      say({ kind: 'heard-resend', line: expected, atMs })
    } else {
      executed.push(line.number)
    }
    if (fate === 'lost-ok') return
    say({ kind: 'heard-ok', queueFree: windowLines, temperatures: nudges.has(line.number), atMs })
  }

  for (let step = 0; step < lines * 200 && state.taken < lines; step++) {
    atMs += 100
    const write = nextWrite(state, 20)
    const fate = harm[written % Math.max(harm.length, 1)] ?? 'none'
    if (write && !(write.kind === 'new' && state.next > lines)) {
      const number = write.kind === 'again' ? write.number : state.next
      const asksHeat = write.kind === 'nudge' || nudges.has(number)
      say({
        kind: write.kind === 'again' ? 'wrote-again' : 'wrote-new',
        bytes: 20,
        long: false,
        asksHeat,
        atMs,
      })
      written += 1
      if (write.kind === 'nudge') nudges.add(number)
      if (fate !== 'lost-line') queue.push({ number, damaged: fate === 'damaged' })
      continue
    }
    if (queue.length > 0) takeOne()
    else {
      atMs += 500
      say({ kind: 'time', atMs, feeding: true })
    }
    if (state.phase.kind === 'failed') break
  }
  return { executed, state }
}

type Harm = 'none' | 'damaged' | 'lost-ok' | 'lost-line'

describe('whatever happens on the wire', () => {
  const someHarm = fc.array(
    fc.oneof(
      { weight: 12, arbitrary: fc.constant<Harm>('none') },
      { weight: 1, arbitrary: fc.constantFrom<Harm>('damaged', 'lost-ok', 'lost-line') },
    ),
    { minLength: 7, maxLength: 60 },
  )

  it('each line is executed once and in order, or the exchange has ended with a reason', () => {
    fc.assert(
      fc.property(
        someHarm,
        fc.integer({ min: 1, max: 4 }),
        fc.boolean(),
        (harm, windowLines, keepsBroken) => {
          const { executed, state } = talkThrough(120, harm, windowLines, keepsBroken)
          expect(executed).toEqual(executed.map((_number, at) => at + 1))
          if (state.phase.kind !== 'failed') expect(executed.length).toBeGreaterThanOrEqual(120)
        },
      ),
      { numRuns: 300 },
    )
  })

  it('ten thousand lines that are each damaged once arrive, each at the cost of one repeat', () => {
    const harm: Harm[] = ['damaged', 'none']
    const { executed, state } = talkThrough(10_000, harm, 1, false)
    expect(executed).toHaveLength(10_000)
    expect(state.resends).toBeGreaterThanOrEqual(9_999)
  })

  it('a line damaged now and then costs a repeat and nothing else', () => {
    const harm: Harm[] = Array.from({ length: 10 }, (_value, at) => (at === 9 ? 'damaged' : 'none'))
    const { executed, state } = talkThrough(500, harm, 1, false)
    expect(executed).toHaveLength(500)
    expect(state.resends).toBeGreaterThan(40)
    expect(state.swallowedOks).toBe(0)
  })
})
