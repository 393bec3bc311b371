import type { FaultAnswer, HttpFault } from '../http/index.ts'
import { wrap } from './protocol/envelope.ts'
import { refuse } from './protocol/outcome.ts'

/** gotapi 2, 3.4, 10.4: what reaches no call is refused in the form of every other answer. */
const faults = {
  'host-unknown': refuse(19, 'This server does not go by that name.'),
  'headers-too-large': refuse(1, 'The headers are larger than Gantry reads.'),
  'too-late': refuse(7, 'The request took too long to arrive.'),
  unreadable: refuse(19, 'This is not a request that Gantry can read.'),
  'expectation-unknown': refuse(19, 'Gantry does not know what the Expect header asks for.'),
  'socket-unknown': refuse(19, 'There is no WebSocket at this address.'),
  failed: refuse(1, 'Gantry made a mistake. What happened is in its log.'),
} as const satisfies Record<HttpFault, ReturnType<typeof refuse>>

export const createFaultTeller =
  (version: string) =>
  (fault: HttpFault): FaultAnswer => ({
    contentType: 'application/json; charset=utf-8',
    text: JSON.stringify(wrap({ product: 'Gantry', version }, faults[fault], {})),
  })
