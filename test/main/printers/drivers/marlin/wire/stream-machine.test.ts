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

describe('what each state makes of each input', () => {
  const inputs = [
    'start',
    'extruded',
    'pause',
    'parked',
    'resume',
    'restored',
    'stay',
    'cancel',
    'cooled',
    'all-acknowledged',
    'drained',
  ] as const
  const over = { start: 'preparing' } as const
  const flowing = {
    extruded: 'printing',
    pause: 'pausing',
    cancel: 'cancelling',
    'all-acknowledged': 'finishing',
  } as const

  it.each<[StreamState, Partial<Record<(typeof inputs)[number], StreamState['kind']>>]>([
    [{ kind: 'none' }, over],
    [{ kind: 'finished' }, over],
    [{ kind: 'cancelled' }, over],
    [{ kind: 'failed', reason: 'cable' }, over],
    [{ kind: 'preparing' }, flowing],
    [{ kind: 'printing' }, flowing],
    [
      { kind: 'pausing', from: 'printing' },
      { parked: 'paused', cancel: 'cancelling' },
    ],
    [
      { kind: 'paused', from: 'printing' },
      { resume: 'resuming', cancel: 'cancelling' },
    ],
    [
      { kind: 'resuming', from: 'printing' },
      { restored: 'printing', stay: 'paused', cancel: 'cancelling' },
    ],
    [{ kind: 'cancelling' }, { cooled: 'cancelled' }],
    [{ kind: 'finishing' }, { drained: 'finished', cancel: 'cancelling' }],
  ])('%j', (state, expected) => {
    for (const kind of inputs) {
      expect([kind, nextStream(state, { kind })?.kind]).toEqual([kind, expected[kind]])
    }
    const failed = nextStream(state, { kind: 'fail', reason: 'cable' })
    expect(failed).toEqual(isLive(state) ? { kind: 'failed', reason: 'cable' } : undefined)
  })

  it('keeps whether it had laid material, over a pause and a resume that cannot go on', () => {
    for (const from of ['preparing', 'printing'] as const) {
      expect(nextStream({ kind: 'resuming', from }, { kind: 'stay' })).toEqual({ kind: 'paused', from })
      expect(nextStream({ kind: 'resuming', from }, { kind: 'restored' })).toEqual({ kind: from })
    }
  })

  it('is live and flows only where it should', () => {
    const kinds = [
      'none',
      'preparing',
      'printing',
      'cancelling',
      'finishing',
      'finished',
      'cancelled',
    ] as const
    expect(kinds.map(kind => isLive({ kind }))).toEqual([false, true, true, true, true, false, false])
    expect(kinds.map(kind => isFlowing({ kind }))).toEqual([false, true, true, false, false, false, false])
  })
})
