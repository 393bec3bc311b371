import { expect, it } from 'vitest'
import type { Snapshot } from '../../../src/main/contract/printer.ts'
import { createEmitter } from '../../../src/main/lib/emitter.ts'
import { nothing } from '../../../src/main/printers/capabilities.ts'
import { holdOffSleep } from '../../../src/main/printers/power.ts'
import type { PrintersEvents, PrinterView } from '../../../src/main/printers/service.ts'

function snapshotOf(change: Partial<Snapshot>): Snapshot {
  return {
    link: { state: 'online', since: 0 },
    machine: { state: 'idle' },
    job: { state: 'none' },
    label: 'idle',
    heaters: [],
    fans: [],
    faults: [],
    queue: [],
    device: {},
    attributes: {},
    can: { ...nothing, stream: true },
    ...change,
  }
}

function viewOf(snapshot: Snapshot): PrinterView {
  return {
    id: 'p',
    name: 'Left <one>',
    driver: 'marlin',
    driverName: 'USB printer',
    address: '/dev/ttyUSB0',
    identity: undefined,
    movedFrom: undefined,
    simulated: false,
    bedToClear: false,
    takesTokens: false,
    transfer: undefined,
    transferError: undefined,
    addedAt: 0,
    snapshot,
  }
}

it('holds off sleep from the first line of a print fed from here to its last, and once', () => {
  const emitter = createEmitter<PrintersEvents>(() => undefined)
  let view = viewOf(snapshotOf({}))
  const held: string[] = []
  let released = 0
  const stop = holdOffSleep({ list: () => [view], on: emitter.on }, reason => {
    held.push(reason)
    return () => {
      released += 1
    }
  })
  const becomes = (change: Partial<Snapshot>) => {
    view = viewOf(snapshotOf(change))
    emitter.emit('changed', 'p')
  }
  expect(held).toEqual([])
  becomes({ job: { state: 'running', progress: 0.1 } })
  becomes({ job: { state: 'running', progress: 0.2 } })
  becomes({ job: { state: 'paused' } })
  expect([held, released]).toEqual([['Left <one>: printing'], 0])
  becomes({ job: { state: 'done' } })
  expect(released).toBe(1)
  // Fed by itself: sleeping harms nothing.
  becomes({ job: { state: 'running' }, can: nothing })
  becomes({ job: { state: 'running' }, link: { state: 'offline', since: 0 } })
  expect(held).toHaveLength(1)
  becomes({ job: { state: 'running' } })
  stop()
  expect([held.length, released]).toEqual([2, 2])
  becomes({ job: { state: 'running' } })
  expect(held).toHaveLength(2)
})
