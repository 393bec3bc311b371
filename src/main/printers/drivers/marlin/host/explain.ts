import { GantryError } from '../../../../contract/error.ts'
import type { SenderFault } from '../wire/sender-state.ts'
import type { FromHost, Problem } from './protocol.ts'

type Ended = Extract<FromHost, { kind: 'ended' }>

export function toProblem(error: GantryError): Problem {
  return { code: error.code, message: error.message, details: { ...error.details } }
}

/** The one place where a fault of the exchange becomes a sentence. */
export function explain(fault: SenderFault): {
  error: GantryError
  named: Ended['fault']
} {
  switch (fault.code) {
    case 'no-answer':
      return {
        error: new GantryError(
          'wire.timeout',
          'Nothing at this port answers as a printer does. Is it a printer, and is the speed right?',
        ),
        named: undefined,
      }
    case 'silent':
      return {
        error: new GantryError('wire.timeout', 'The printer stopped answering.'),
        named: 'link-lost',
      }
    case 'reset':
      return {
        error: new GantryError('wire.closed', 'The printer started anew; whatever it was doing is lost.'),
        named: 'printer-reset',
      }
    case 'resend-loop':
    case 'resend-out-of-range':
      return {
        error: new GantryError(
          'wire.malformed',
          'Too much is lost between here and the printer. Try another USB cable, away from the motors’ wires.',
          { ...fault },
        ),
        named: 'resend',
      }
  }
}
