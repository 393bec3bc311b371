import type { GantryError } from '../contract/error.ts'
import type { LinkReason } from '../contract/link-reason.ts'
import { ownOf } from '../lib/own.ts'

const byErrno: Readonly<Record<string, LinkReason>> = {
  ECONNREFUSED: 'refused',
  ENOTFOUND: 'no-name',
  EAI_AGAIN: 'no-name',
}

/** An error of the line as the reason people are told. `onCable`: the printer has a port instead of an address. */
export function linkReasonOf({ code, details }: GantryError, onCable = false): LinkReason {
  const errno = typeof details.code === 'string' ? details.code : undefined
  switch (code) {
    case 'printer.credentials':
      return 'key'
    case 'printer.busy':
      if (details.reason === 'permission') return 'port-forbidden'
      return onCable ? 'port-busy' : 'busy'
    case 'printer.offline':
      if (errno !== undefined) return ownOf(byErrno, errno) ?? 'unreachable'
      return onCable ? 'port-missing' : 'unreachable'
    case 'printer.left-alone':
      return details.reason === 'halted' ? 'left-halted' : 'left-printing'
    case 'wire.closed':
      return onCable && errno === undefined ? 'unplugged' : 'broke'
    case 'wire.timeout':
      return 'silent'
    case 'wire.malformed':
    case 'request.invalid':
      return 'something-else'
    case 'wire.untrusted':
      return 'certificate'
    case 'wire.redirected':
      return 'redirected'
    case 'wire.too-large':
      return 'too-large'
    case 'internal.bug':
      return 'bug'
    default:
      return 'other'
  }
}
