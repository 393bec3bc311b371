import { beforeEach, describe, expect, it } from 'vitest'
import { createEmitter } from '../../../src/main/lib/emitter.ts'
import { createRoomFeed } from '../../../src/main/plugins/printer3d/room-feed.ts'
import { nothing } from '../../../src/main/printers/driver/capabilities.ts'
import type { PrinterView, TerminalLine } from '../../../src/main/printers/index.ts'
import { blankSnapshot } from '../../../src/main/printers/state.ts'
import { createFakeClock, type FakeClock } from '../../fakes/clock.ts'

type Feed = ReturnType<typeof createRoomFeed>
type List = ReturnType<Feed['latest']>
interface Events {
  changed: string
  removed: string
  line: TerminalLine & { readonly printerId: string }
}

const viewOf = (id: string): PrinterView => ({
  id,
  name: id,
  driver: 'moonraker',
  driverName: 'Moonraker',
  address: '',
  identity: undefined,
  movedFrom: undefined,
  simulated: false,
  bedToClear: false,
  takesTokens: false,
  transfer: undefined,
  transferFailure: undefined,
  addedAt: 0,
  snapshot: blankSnapshot(nothing, 0),
})

let clock: FakeClock
let views: Map<string, PrinterView>
let told: ReturnType<typeof createEmitter<Events>>
let feed: Feed
let frames: { atMs: number; list: List }[]

const change = (id: string) => told.emit('changed', id)
const remove = (id: string) => {
  views.delete(id)
  told.emit('removed', id)
}
const toldOf = (id: string) =>
  frames.filter(({ list }) => list.printers.some(printer => printer.id === id)).map(({ atMs }) => atMs)
const follow = () => feed.follow(list => frames.push({ atMs: clock.elapsed(), list }))

beforeEach(() => {
  clock = createFakeClock()
  views = new Map(Array.from({ length: 100 }, (_, at) => [`p${at}`, viewOf(`p${at}`)]))
  told = createEmitter<Events>(thrown => {
    throw thrown
  })
  frames = []
  feed = createRoomFeed({ printers: { list: () => [...views.values()], on: told.on }, clock }, view => ({
    ...view,
    serviceId: view.id,
    movedFrom: undefined,
    transfer: undefined,
    transferFailure: undefined,
  }))
})

describe('the feed of a room', () => {
  it('tells a change after a moment of quiet at once, with all that changed with it', async () => {
    follow()
    change('p1')
    change('p2')
    await clock.advance(60)
    expect(frames).toHaveLength(1)
    expect(frames[0]?.list).toMatchObject({
      full: false,
      printers: [{ id: 'p1' }, { id: 'p2' }],
      removed: [],
    })
  })

  it('tells of a printer that changes four times a second about twice a second, and only fresh news', async () => {
    follow()
    const changedAt: number[] = []
    for (let at = 0; at < 40; at += 1) {
      change('p1')
      changedAt.push(clock.elapsed())
      await clock.advance(250)
    }
    const told = toldOf('p1')
    expect(told.length).toBeGreaterThanOrEqual(18)
    expect(told.length).toBeLessThanOrEqual(21)
    const ages = told.map(toldMs => toldMs - Math.max(...changedAt.filter(changedMs => changedMs <= toldMs)))
    expect(Math.max(...ages)).toBeLessThanOrEqual(50)
  })

  it('keeps the last word of a printer that then falls silent', async () => {
    follow()
    change('p1')
    await clock.advance(100)
    change('p1')
    await clock.advance(1_000)
    expect(toldOf('p1')).toHaveLength(2)
  })

  it('spreads a hundred printers over many small frames and never leaves one out', async () => {
    follow()
    for (let turn = 0; turn < 100; turn += 1) {
      for (let at = 0; at < 100; at += 1) if (at % 25 === turn % 25) change(`p${at}`)
      await clock.advance(10)
    }
    await clock.advance(1_000)
    for (let at = 0; at < 100; at += 1) expect(toldOf(`p${at}`).length).toBeGreaterThan(1)
    expect(Math.max(...frames.map(({ list }) => list.printers.length))).toBeLessThan(50)
  })

  it('numbers its frames without a gap from the full list on, also for who comes later', async () => {
    follow()
    for (let at = 0; at < 10; at += 1) {
      change('p1')
      await clock.advance(500)
    }
    const latest = feed.latest()
    expect(latest).toMatchObject({ full: true, removed: [], sequence: frames.length })
    change('p2')
    await clock.advance(500)
    expect(frames.map(({ list }) => list.sequence)).toEqual(frames.map((_, at) => at + 1))
  })

  it('tells of a printer that was removed, and nothing more of it', async () => {
    follow()
    change('p1')
    remove('p1')
    await clock.advance(1_000)
    expect(frames.map(({ list }) => [list.printers.length, list.removed])).toEqual([[0, ['p1']]])
  })

  it('survives a printer that has left the list and has not said so yet', async () => {
    follow()
    change('p1')
    change('p2')
    views.delete('p1')
    await clock.advance(1_000)
    told.emit('removed', 'p1')
    await clock.advance(1_000)
    expect(frames.map(({ list }) => [list.printers.map(({ id }) => id), list.removed])).toEqual([
      [['p2'], []],
      [[], ['p1']],
    ])
  })

  it('has no timer while nothing changes or nobody follows', async () => {
    const stop = follow()
    expect(clock.waiting()).toEqual([])
    change('p1')
    await clock.advance(1_000)
    expect(clock.waiting()).toEqual([])
    change('p1')
    stop()
    expect(clock.waiting()).toEqual([])
  })
})
