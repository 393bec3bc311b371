import { posix, win32 } from 'node:path'

export interface Surroundings {
  readonly system: NodeJS.Platform
  readonly home: string
  readonly env: Readonly<Record<string, string | undefined>>
}

/** Where a program of this system keeps what it owns, unless the person says otherwise. */
export function defaultDataDir({ system, home, env }: Surroundings): string {
  if (system === 'win32') {
    return win32.join(env.APPDATA || win32.join(home, 'AppData', 'Roaming'), 'Gantry')
  }
  if (system === 'darwin') return posix.join(home, 'Library', 'Application Support', 'Gantry')
  const xdg = env.XDG_DATA_HOME
  // The XDG specification: a path that is not absolute is invalid and to be ignored.
  return posix.join(xdg && posix.isAbsolute(xdg) ? xdg : posix.join(home, '.local', 'share'), 'Gantry')
}
