import { EventEmitter } from 'node:events'
import { describe, expect, it } from 'vitest'
import { stopOnSignals } from '../../../src/main/engine/signals.ts'
import { createLogRecorder } from '../../fakes/log.ts'

function setUp(stop: () => Promise<void>) {
  const source = new EventEmitter()
  const exits: number[] = []
  const { log, lines } = createLogRecorder()
  const dispose = stopOnSignals({ source, log, stop, exit: code => exits.push(code) })
  const settled = () => new Promise<void>(resolve => setImmediate(resolve))
  return { source, exits, lines, dispose, settled }
}

describe('signals', () => {
  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'])('%s stops first and leaves then', async signal => {
    let stopped = false
    const { source, exits, settled } = setUp(async () => {
      stopped = true
    })
    source.emit(signal)
    expect(exits).toEqual([])
    await settled()
    expect(stopped).toBe(true)
    expect(exits).toEqual([0])
  })

  it('a second one leaves at once', () => {
    const { source, exits } = setUp(() => new Promise(() => undefined))
    source.emit('SIGINT')
    source.emit('SIGTERM')
    expect(exits).toEqual([130])
  })

  it('leaving tells when stopping failed', async () => {
    const { source, exits, lines, settled } = setUp(() => Promise.reject(new Error('stuck')))
    source.emit('SIGTERM')
    await settled()
    expect(exits).toEqual([1])
    expect(lines.at(-1)).toMatchObject({ level: 'error' })
  })

  it('are left alone again after the undo', () => {
    const { source, dispose } = setUp(async () => undefined)
    dispose()
    expect(source.eventNames()).toEqual([])
  })
})
