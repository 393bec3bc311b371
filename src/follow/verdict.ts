import type { Payload } from './payload.ts'
import type { Verdict } from './registration-machine.ts'

/** gotapi 3.5. No answer in time, or a server that cannot take it just now. */
const passing: readonly unknown[] = [7, 17]
/** What stood once comes back: a plug-in that starts again, a printer that is away, a switch that is turned on. */
const returning: readonly unknown[] = [1, 6, 16, 21, 22]

/** What an answer means for a registration that stood before, or never did. */
export function verdictOf({ result, errorCode, line }: Payload, hasStood: boolean): Verdict {
  if (result === 0) return line === false ? 'no-line' : 'done'
  // Numbers below 1 are the client's own: nothing answered, or somebody else did.
  if (typeof errorCode !== 'number' || errorCode < 1 || passing.includes(errorCode)) return 'later'
  return hasStood && returning.includes(errorCode) ? 'later' : 'refused'
}
