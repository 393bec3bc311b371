import { describe, expect, it } from 'vitest'
import { hasDisplay, mustHaveDisplay } from '../../../src/main/shell/display.ts'

describe('the display of the program', () => {
  it.each([
    ['linux', {}, false],
    ['linux', { DISPLAY: '' }, false],
    ['linux', { DISPLAY: ':0' }, true],
    ['linux', { WAYLAND_DISPLAY: 'wayland-0' }, true],
    ['darwin', {}, true],
    ['win32', {}, true],
  ] as const)('on %s with %j: %s', (system, env, expected) => {
    expect(hasDisplay({ system, env })).toBe(expected)
  })

  it('is asked for in one sentence that says what to do instead', () => {
    expect(() => mustHaveDisplay({ system: 'linux', env: {} })).toThrow(
      /no display .* Start Gantry with --headless/,
    )
    expect(() => mustHaveDisplay({ system: 'linux', env: { DISPLAY: ':0' } })).not.toThrow()
  })
})
