import { beforeEach, describe, expect, it } from 'vitest'
import type { Snapshot } from '../../../src/main/contract/printer.ts'
import type { Dispose } from '../../../src/main/lib/dispose.ts'
import { createEmitter } from '../../../src/main/lib/emitter.ts'
import { watchServices } from '../../../src/main/plugins/printer3d/service-watch.ts'
import type { PrinterView } from '../../../src/main/printers/index.ts'
import type { PrintersEvents } from '../../../src/main/printers/printers.ts'
import { createFakeClock, type FakeClock } from '../../fakes/clock.ts'
import { printerIn } from '../printers/fed-printer.ts'

let clock: FakeClock
let views: Map<string, PrinterView>
let room: ReturnType<typeof createEmitter<PrintersEvents>>
let toldAtMs: number[]
let stop: Dispose

const view = (id: string): PrinterView => {
  const found = views.get(id)
  if (found === undefined) throw new Error(`no printer ${id}`)
  return found
}
const becomes = (id: string, change: Partial<Snapshot>, name = id) => {
  views.set(id, { ...printerIn(change), id, name })
  room.emit('changed', id)
}
const remove = (id: string) => {
  views.delete(id)
  room.emit('removed', id)
}
const offline: Partial<Snapshot> = { link: { state: 'offline', since: 0 } }

beforeEach(async () => {
  clock = createFakeClock()
  views = new Map()
  room = createEmitter<PrintersEvents>(thrown => {
    throw thrown
  })
  toldAtMs = []
  stop = watchServices({ list: () => [...views.values()], get: view, on: room.on }, clock, () =>
    toldAtMs.push(clock.elapsed()),
  )
  becomes('left', {})
  await clock.advance(1_000)
  expect(toldAtMs).toEqual([0])
})

describe('the services of the room', () => {
  it.each([
    ['is renamed', () => becomes('left', {}, 'Right')],
    ['goes offline', () => becomes('left', offline)],
    ['says its maker', () => becomes('left', { device: { manufacturerName: 'Prusa Research' } })],
    ['says its firmware', () => becomes('left', { device: { firmwareRevision: 'Marlin 2.1.2' } })],
    ['comes', () => becomes('right', {})],
    ['goes', () => remove('left')],
  ])('are told anew at once when a printer %s', (_, happens) => {
    happens()
    expect(toldAtMs).toEqual([0, 1_000])
  })

  it('are not told anew when a printer only prints', async () => {
    becomes('left', { job: { state: 'running', progress: 0.1 }, label: 'printing' })
    becomes('left', { job: { state: 'running', progress: 0.2 }, label: 'printing' })
    await clock.advance(1_000)
    expect(toldAtMs).toEqual([0])
    expect(clock.waiting()).toEqual([])
  })

  it('are told four times a second at most, and the last change is never lost', async () => {
    for (let at = 0; at < 95; at++) {
      becomes(`p${at}`, {})
      await clock.advance(10)
    }
    expect(toldAtMs).toEqual([0, 1_000, 1_250, 1_500, 1_750])
    await clock.advance(1_000)
    expect(toldAtMs).toEqual([0, 1_000, 1_250, 1_500, 1_750, 2_000])
    expect(clock.waiting()).toEqual([])
  })

  it('are told when one goes and comes back as it was', async () => {
    remove('left')
    await clock.advance(250)
    becomes('left', {})
    expect(toldAtMs).toEqual([0, 1_000, 1_250])
  })

  it('are told no more once nobody watches, not even what was on its way', async () => {
    becomes('left', offline)
    becomes('right', {})
    expect(clock.waiting()).toHaveLength(1)
    stop()
    expect(clock.waiting()).toEqual([])
    becomes('left', {}, 'Right')
    remove('right')
    await clock.advance(1_000)
    expect(toldAtMs).toEqual([0, 1_000])
  })
})
