import { type ChildProcess, spawn } from 'node:child_process'
import type { Dispose } from '../lib/dispose.ts'

/** The program of this system that holds off sleep for as long as it runs; undefined where there is none. */
export function awakeCommand(
  system: NodeJS.Platform,
  reason: string,
  pid: number,
): readonly [string, ...string[]] | undefined {
  switch (system) {
    case 'linux':
      // `cat` ends with our end of the pipe, and the hold with it, even when Gantry dies.
      return ['systemd-inhibit', '--what=sleep:idle', '--who=Gantry', `--why=${reason}`, 'cat']
    case 'darwin':
      return ['caffeinate', '-i', '-w', String(pid)]
    default:
      return undefined
  }
}

/** Holds off sleep by a program of the system; where that is missing the machine sleeps as it is set to. */
export function keepNodeAwake(reason: string): Dispose {
  const command = awakeCommand(process.platform, reason, process.pid)
  if (!command) return () => undefined
  const [program, ...args] = command
  const child: ChildProcess = spawn(program, args, { stdio: ['pipe', 'ignore', 'ignore'] })
  // A server without systemd does not sleep by itself.
  child.on('error', () => undefined)
  child.stdin?.on('error', () => undefined)
  child.unref()
  return () => {
    child.stdin?.end()
    child.kill()
  }
}
