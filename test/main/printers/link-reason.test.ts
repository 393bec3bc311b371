import { describe, expect, it } from 'vitest'
import { type ErrorCode, GantryError } from '../../../src/main/contract/error.ts'
import type { LinkReason } from '../../../src/main/contract/link-reason.ts'
import { linkReasonOf } from '../../../src/main/printers/link-reason.ts'

const told = (code: ErrorCode, details: object, onCable?: boolean) =>
  linkReasonOf(new GantryError(code, 'x', { ...details }), onCable)

describe('why the line to a printer is down', () => {
  it.each<[ErrorCode, LinkReason]>([
    ['printer.credentials', 'key'],
    ['wire.timeout', 'silent'],
    ['wire.malformed', 'something-else'],
    ['request.invalid', 'something-else'],
    ['wire.untrusted', 'certificate'],
    ['wire.redirected', 'redirected'],
    ['wire.too-large', 'too-large'],
    ['internal.bug', 'bug'],
    ['printer.refused', 'other'],
  ])('%s is “%s”, by the network and on a cable', (code, reason) => {
    expect([told(code, {}), told(code, {}, true)]).toEqual([reason, reason])
  })

  it.each<[string, ErrorCode, object, LinkReason]>([
    ['nothing listens there', 'printer.offline', { code: 'ECONNREFUSED' }, 'refused'],
    ['nobody has that name', 'printer.offline', { code: 'ENOTFOUND' }, 'no-name'],
    ['nobody could be asked for the name', 'printer.offline', { code: 'EAI_AGAIN' }, 'no-name'],
    ['no way leads there', 'printer.offline', { code: 'EHOSTUNREACH' }, 'unreachable'],
    ['nothing is known but that it is away', 'printer.offline', {}, 'unreachable'],
    ['it broke', 'wire.closed', {}, 'broke'],
    ['it is taken', 'printer.busy', {}, 'busy'],
  ])('by the network, when %s', (_what, code, details, reason) => {
    expect(told(code, details)).toBe(reason)
  })

  it.each<[string, ErrorCode, object, LinkReason]>([
    ['the port is not there', 'printer.offline', {}, 'port-missing'],
    ['it leads over a bridge that does not listen', 'printer.offline', { code: 'ECONNREFUSED' }, 'refused'],
    ['the cable was pulled', 'wire.closed', {}, 'unplugged'],
    ['the cable was pulled and the system says it with a number', 'wire.closed', { code: 5 }, 'unplugged'],
    ['the bridge hung up', 'wire.closed', { code: 'ECONNRESET' }, 'broke'],
    ['another program has the port', 'printer.busy', {}, 'port-busy'],
    ['the system does not let us at the port', 'printer.busy', { reason: 'permission' }, 'port-forbidden'],
  ])('on a cable, when %s', (_what, code, details, reason) => {
    expect(told(code, details, true)).toBe(reason)
  })
})
