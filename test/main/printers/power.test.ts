import { expect, it } from 'vitest'
import type { Snapshot } from '../../../src/main/contract/printer.ts'
import { createEmitter } from '../../../src/main/lib/emitter.ts'
import { holdOffSleep } from '../../../src/main/printers/power.ts'
import type { PrintersEvents } from '../../../src/main/printers/printers.ts'
import { feed, printerIn } from './fed-printer.ts'

it('names every printer it feeds, lets sleep when the last one is taken away, and ends well while it feeds none', () => {
  const emitter = createEmitter<PrintersEvents>(() => undefined)
  let list = [printerIn({ feed: feed(true) }, 'Left'), printerIn({ feed: feed(true) }, 'Right')]
  const held: string[] = []
  const stop = holdOffSleep({ list: () => list, on: emitter.on }, reason => {
    held.push(reason)
    return () => held.push('let go')
  })
  expect(held).toEqual(['Left, Right: printing'])
  list = []
  emitter.emit('removed', 'p')
  expect(held.slice(1)).toEqual(['let go'])
  stop()
  expect(held).toHaveLength(2)
})

it('holds off sleep from the first line of a print fed from here to its last, and once', () => {
  const emitter = createEmitter<PrintersEvents>(() => undefined)
  let view = printerIn({})
  const held: string[] = []
  let released = 0
  const stop = holdOffSleep({ list: () => [view], on: emitter.on }, reason => {
    held.push(reason)
    return () => {
      released += 1
    }
  })
  const becomes = (change: Partial<Snapshot>) => {
    view = printerIn(change)
    emitter.emit('changed', 'p')
  }
  expect(held).toEqual([])
  becomes({ job: { state: 'running', progress: 0.1 }, feed: feed(true) })
  becomes({ job: { state: 'running', progress: 0.2 }, feed: feed(true) })
  becomes({ job: { state: 'paused' }, feed: feed(true) })
  expect([held, released]).toEqual([['Left <one>: printing'], 0])
  becomes({ job: { state: 'done' }, feed: feed(false) })
  expect(released).toBe(1)
  // From its own card, or over a line that is gone: sleeping harms nothing.
  becomes({ job: { state: 'running' } })
  becomes({ job: { state: 'running' }, feed: feed(false) })
  expect(held).toHaveLength(1)
  becomes({ job: { state: 'running' }, feed: feed(true) })
  stop()
  expect([held.length, released]).toEqual([2, 2])
  becomes({ job: { state: 'running' }, feed: feed(true) })
  expect(held).toHaveLength(2)
})
