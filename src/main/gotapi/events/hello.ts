import type { Via } from '../../handlers/caller.ts'
import type { Clock } from '../../lib/clock.ts'
import { grantEnd } from '../auth/authorization.ts'
import type { Clients } from '../auth/clients.ts'
import type { EventLine, OriginHeaders } from '../protocol/gateway.ts'
import { resolveOrigin } from '../protocol/origin.ts'
import type { GotapiPolicy } from '../protocol/policy.ts'
import type { Carrier, Lines, OpenLine } from './lines.ts'

/** gotapi 9-4: the answer to the first frame. These numbers are not those of gotapi 3.5. */
export type LineAnswer = Readonly<Record<string, unknown>>

export interface Hello {
  readonly accessToken: unknown
  readonly origin: OriginHeaders
}

export type OpenLineFor = (
  hello: Hello,
  via: Via,
  carrier: Carrier,
) => { readonly answer: LineAnswer; readonly line: OpenLine | undefined }

const refusals = {
  1: 'The first frame must carry an access token.',
  2: 'The origin is missing or not let in.',
  3: 'The access token is not one of this origin.',
  4: 'This application has a line already.',
  5: 'The frame is not JSON.',
} as const

export const refuseLine = (errorCode: keyof typeof refusals): LineAnswer => ({
  result: 1,
  errorCode,
  errorMessage: refusals[errorCode],
})

/** gotapi 9: who may open a line, whatever carries it. */
export function createHello(deps: {
  readonly clock: Clock
  readonly clients: Clients
  readonly lines: Lines
  readonly policy: () => GotapiPolicy
}): OpenLineFor {
  const { clock, clients, lines, policy } = deps
  const refused = (code: keyof typeof refusals) => ({ answer: refuseLine(code), line: undefined })

  return (hello, via, carrier) => {
    const origin = resolveOrigin(hello.origin, via, policy())
    if (typeof origin !== 'string') return refused(2)
    if (typeof hello.accessToken !== 'string' || hello.accessToken === '') return refused(1)
    const member = clients.find(hello.accessToken, { origin, via })
    if (!member || grantEnd(member) <= clock.now()) return refused(3)
    const line = lines.open(member, carrier)
    return line ? { answer: { result: 0 }, line } : refused(4)
  }
}

/** GotAPI-5 as a function call: the same checks and the same frames. */
export function connectInside(open: OpenLineFor, hello: Hello & { readonly via: Via }, line: EventLine) {
  const { answer, line: own } = open(hello, hello.via, {
    send: frame => line.onFrame(frame.body),
    close: reason => line.onClose(reason),
    isCongested: () => false,
  })
  // Held frames come after the answer, as on a socket.
  if (own) setImmediate(own.ready)
  return { answer, close: () => own?.lost() }
}
