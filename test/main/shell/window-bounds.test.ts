import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { placeWindow, smallest, usual, windowState } from '../../../src/main/shell/window-bounds.ts'

const main = { x: 0, y: 0, width: 1920, height: 1040 }
const second = { x: 1920, y: -200, width: 2560, height: 1400 }

describe('where the window goes', () => {
  it('is the middle of the main screen the first time', () => {
    expect(placeWindow(undefined, [main])).toEqual({ x: 320, y: 110, ...usual })
  })

  it('is where it was, on any screen that is there', () => {
    const kept = { x: 2400, y: -100, width: 1000, height: 700 }
    expect(placeWindow(kept, [main, second])).toEqual(kept)
  })

  it('is the middle of the main screen once the screen it was on is gone, in the size it had', () => {
    const kept = { x: 2400, y: -100, width: 1000, height: 700 }
    expect(placeWindow(kept, [main])).toEqual({ x: 460, y: 170, width: 1000, height: 700 })
  })

  it('is not above the screen, where nobody could drag it', () => {
    expect(placeWindow({ x: 10, y: -50, width: 1000, height: 700 }, [main]).y).toBeGreaterThanOrEqual(0)
  })

  it('shrinks to a small screen but not below what the dashboard needs', () => {
    expect(placeWindow(undefined, [{ x: 0, y: 0, width: 800, height: 560 }])).toMatchObject({
      width: 800,
      height: 560,
    })
    expect(placeWindow(undefined, [{ x: 0, y: 0, width: 320, height: 200 }])).toMatchObject(smallest)
  })

  it('can always be reached, wherever it was kept', () => {
    const place = fc.integer({ min: -5000, max: 5000 })
    const length = fc.integer({ min: 1, max: 5000 })
    fc.assert(
      fc.property(fc.record({ x: place, y: place, width: length, height: length }), kept => {
        const window = placeWindow(kept, [main, second])
        const touches = [main, second].some(
          area =>
            window.x < area.x + area.width &&
            window.x + window.width > area.x &&
            window.y >= area.y &&
            window.y < area.y + area.height,
        )
        expect(touches).toBe(true)
      }),
    )
  })

  it('is not taken from a file with other things in it', () => {
    for (const kept of [{}, { bounds: { x: 'left' } }, { bounds: { x: 0.5, y: 0, width: 1, height: 1 } }]) {
      expect(windowState.safeParse(kept).success).toBe(false)
    }
  })
})
