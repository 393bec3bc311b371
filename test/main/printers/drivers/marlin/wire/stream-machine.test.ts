import { describe, expect, it } from 'vitest'
import {
  isFlowing,
  isLive,
  nextStream,
  type StreamInput,
  type StreamState,
} from '../../../../../../src/main/printers/drivers/marlin/wire/stream-machine.ts'

const walk = (...inputs: StreamInput['kind'][]) =>
  inputs.reduce<StreamState | undefined>(
    (state, kind) => state && nextStream(state, kind === 'fail' ? { kind, reason: 'cable' } : { kind }),
    { kind: 'none' },
  )

describe('a streamed print', () => {
  it.each<[StreamInput['kind'][], StreamState | undefined]>([
    [['start'], { kind: 'preparing' }],
    [['start', 'extruded'], { kind: 'printing' }],
    [['start', 'pause'], { kind: 'pausing', from: 'preparing' }],
    [['start', 'extruded', 'pause', 'parked'], { kind: 'paused', from: 'printing' }],
    [['start', 'extruded', 'pause', 'parked', 'resume', 'restored'], { kind: 'printing' }],
    [['start', 'pause', 'parked', 'resume', 'restored'], { kind: 'preparing' }],
    [['start', 'extruded', 'all-acknowledged'], { kind: 'finishing' }],
    [['start', 'extruded', 'all-acknowledged', 'drained'], { kind: 'finished' }],
    [['start', 'pause', 'cancel', 'cooled'], { kind: 'cancelled' }],
    [['start', 'extruded', 'all-acknowledged', 'cancel'], { kind: 'cancelling' }],
    [['start', 'cancel', 'cancel'], undefined],
    [['start', 'cancel', 'pause'], undefined],
    [['start', 'extruded', 'drained'], undefined],
    [['start', 'pause', 'resume'], undefined],
    [['start', 'start'], undefined],
    [['pause'], undefined],
    [['cancel'], undefined],
    [['fail'], undefined],
    [['start', 'cancel', 'fail'], { kind: 'failed', reason: 'cable' }],
    [['start', 'fail', 'cancel'], undefined],
    [['start', 'fail', 'start'], { kind: 'preparing' }],
    [['start', 'cancel', 'cooled', 'start'], { kind: 'preparing' }],
  ])('after %j is %j', (inputs, state) => {
    expect(walk(...inputs)).toEqual(state)
  })

  it('is finished only by the acknowledgement of its last move, never by silence', () => {
    expect(walk('start', 'extruded', 'all-acknowledged')).toEqual({ kind: 'finishing' })
    expect(isLive({ kind: 'finishing' })).toBe(true)
    expect(isLive({ kind: 'finished' })).toBe(false)
  })

  it('lets lines of the file out only while it flows', () => {
    expect(isFlowing({ kind: 'preparing' })).toBe(true)
    expect(isFlowing({ kind: 'pausing', from: 'printing' })).toBe(false)
    expect(isFlowing({ kind: 'cancelling' })).toBe(false)
  })
})
