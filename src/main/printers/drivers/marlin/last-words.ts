import type { FromHost, Problem } from './host/protocol.ts'

/**
 * The end of a line, with what is known of the heaters it leaves behind: told where they may be on and where Gantry
 * tried to switch them off, and nothing where the printer had said that they are off.
 */
export function withHeat(
  { problem, fault, cooled }: Extract<FromHost, { kind: 'ended' }>,
  mayBeOn: boolean,
): Problem {
  // After a start all heaters are off.
  if (fault === undefined || fault === 'printer-reset') return problem
  if (cooled) return { ...problem, message: `${problem.message} ${toldOff}` }
  return mayBeOn ? { ...problem, message: `${problem.message} ${mayBe}` } : problem
}

const toldOff =
  'Gantry told it to switch its heaters off and cannot know whether it heard: look at the machine.'
const mayBe = 'Its heaters may still be on: look at the machine.'
