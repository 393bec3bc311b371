import { execFile } from 'node:child_process'

const limitMs = 10_000

/** What a program prints; nothing when it is missing, fails or takes too long. */
export function askProgram(program: string, args: readonly string[]): Promise<string> {
  return new Promise(resolve => {
    execFile(program, [...args], { timeout: limitMs, windowsHide: true }, (error, stdout) =>
      resolve(error ? '' : stdout),
    )
  })
}
