import { z } from 'zod'

export interface Bounds {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

const whole = z.int().min(-100_000).max(100_000)
const bounds = z.object({ x: whole, y: whole, width: whole, height: whole })

/** What is kept of a window from one run to the next. */
export const windowState = z.object({ bounds, isMaximized: z.boolean(), isFullScreen: z.boolean() })
export type WindowState = z.infer<typeof windowState>

export const smallest = { width: 640, height: 480 }
export const usual = { width: 1280, height: 820 }

/** How much of the title bar must be on a screen for a person to reach the window. */
const REACHABLE_PX = 64

/**
 * Where the window goes: where it was, if a person can reach it there with today's screens; else in the middle of
 * the main screen, no larger than it.
 *
 * @param areas each screen without its bars, the main one first
 */
export function placeWindow(kept: Bounds | undefined, areas: readonly Bounds[]): Bounds {
  if (kept) {
    const windows = areas.map(area => ({ area, window: { ...kept, ...sizeWithin(area, kept) } }))
    const found = windows.find(({ area, window }) => isReachable(window, area))
    if (found) return found.window
  }
  const main = areas[0] ?? { x: 0, y: 0, ...usual }
  const size = sizeWithin(main, kept)
  return {
    ...size,
    x: main.x + Math.max(0, Math.round((main.width - size.width) / 2)),
    y: main.y + Math.max(0, Math.round((main.height - size.height) / 2)),
  }
}

const sizeWithin = (
  area: Bounds,
  { width, height }: { readonly width: number; readonly height: number } = usual,
) => ({
  width: clamp(width, smallest.width, area.width),
  height: clamp(height, smallest.height, area.height),
})

/** The top of the window, where it is dragged, lies on this screen for a hand's width. */
function isReachable(window: Bounds, area: Bounds): boolean {
  const shared = Math.min(window.x + window.width, area.x + area.width) - Math.max(window.x, area.x)
  return shared >= REACHABLE_PX && window.y >= area.y && window.y <= area.y + area.height - REACHABLE_PX
}

const clamp = (value: number, low: number, high: number) =>
  Math.max(low, Math.min(value, Math.max(low, high)))
