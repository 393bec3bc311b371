import { askProgram } from './ask-program.ts'

/**
 * HD-HLF-03: whether this machine's clock is synchronised to UTC; undefined where nobody can be asked, as outside
 * of Linux.
 */
export async function readNodeClockSync(
  system: NodeJS.Platform = process.platform,
  ask = askProgram,
): Promise<boolean | undefined> {
  if (system !== 'linux') return undefined
  // The kernel's own word, whichever service keeps the time. Without systemd there is nobody to ask.
  return parseNtpSynchronized(await ask('timedatectl', ['show', '--property=NTPSynchronized', '--value']))
}

function parseNtpSynchronized(text: string): boolean | undefined {
  const answers: Readonly<Record<string, boolean>> = { yes: true, no: false }
  const word = text.trim()
  return Object.hasOwn(answers, word) ? answers[word] : undefined
}
