import { EventEmitter } from 'node:events'
import { describe, expect, it } from 'vitest'
import type { QuitVeto } from '../../../src/main/engine/index.ts'
import { leaveWithSystem } from '../../../src/main/shell/system-end.ts'
import { createLogRecorder } from '../../fakes/log.ts'

const printing: QuitVeto = { room: 'printers', reason: 'Bench 1 is fed from this computer.' }

function setUp(veto?: QuitVeto, leave = async () => {}) {
  let left = 0
  const power = new EventEmitter()
  const window = new EventEmitter()
  const { log, lines } = createLogRecorder()
  leaveWithSystem({
    power,
    window,
    log,
    veto: () => veto,
    wayOut: {
      leave() {
        left += 1
        return leave()
      },
    },
  })
  /** Whether the system was asked to wait. */
  const says = (source: EventEmitter, name: string, reasons: readonly string[] = []) => {
    let isHeld = false
    source.emit(name, { reasons, preventDefault: () => (isHeld = true) })
    return isHeld
  }
  return { left: () => left, lines, says, power, window }
}

describe('a system that goes', () => {
  it.each([undefined, printing])(
    'is asked to wait, and all is stopped without a question (veto: %o)',
    veto => {
      const { left, says, power } = setUp(veto)
      expect([says(power, 'shutdown'), left()]).toEqual([true, 1])
    },
  )

  it('is objected to while a print is fed, where it asks, and nothing is stopped for that', () => {
    const { left, says, window } = setUp(printing)
    expect([says(window, 'query-session-end', ['logoff']), left()]).toEqual([true, 0])
  })

  it('is not objected to without such a print, nor when it must go', () => {
    const idle = setUp()
    expect(idle.says(idle.window, 'query-session-end', ['shutdown'])).toBe(false)
    const critical = setUp(printing)
    expect(critical.says(critical.window, 'query-session-end', ['shutdown', 'critical'])).toBe(false)
  })

  it('and goes whatever was said has all stopped at once', () => {
    const { left, says, window } = setUp(printing)
    says(window, 'session-end', ['shutdown'])
    expect(left()).toBe(1)
  })

  it('has its own failure logged, and breaks nothing', async () => {
    const { lines, says, power } = setUp(undefined, () => Promise.reject(new Error('stuck')))
    says(power, 'shutdown')
    await Promise.resolve()
    await Promise.resolve()
    expect(JSON.stringify(lines)).toContain('stopping with the system failed')
  })
})
