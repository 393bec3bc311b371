import { GantryError } from '../contract/error.ts'

interface Surroundings {
  readonly system: NodeJS.Platform
  readonly env: Readonly<Record<string, string | undefined>>
}

/** Whether a window has a screen to open on. Without one Chromium falls over, past any catching. */
export const hasDisplay = ({ system, env }: Surroundings): boolean =>
  system !== 'linux' || Boolean(env.DISPLAY || env.WAYLAND_DISPLAY)

/** To be called before anything waits for Electron to be ready: that is where it falls. */
export function mustHaveDisplay(surroundings: Surroundings): void {
  if (hasDisplay(surroundings)) return
  throw new GantryError(
    'display.missing',
    'There is no display to open a window on (neither DISPLAY nor WAYLAND_DISPLAY is set). Start Gantry with --headless and open its dashboard in a browser.',
  )
}
