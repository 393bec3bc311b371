import { mistake, type Refusal, refuse } from '../handlers/outcome.ts'
import type { FaultAnswer, HttpFault } from '../http/index.ts'
import { wrap } from './protocol/envelope.ts'

/** gotapi 2, 3.4, 10.4: what reaches no call is refused in the form of every other answer. */
const faults: Readonly<Record<HttpFault, Refusal>> = {
  'host-unknown': refuse('request.bad-address', 'This server does not go by that name.'),
  'headers-too-large': refuse('request.too-large', 'The headers are larger than Gantry reads.'),
  'too-late': refuse('request.too-late', 'The request took too long to arrive.'),
  unreadable: refuse('request.unreadable', 'This is not a request that Gantry can read.'),
  'expectation-unknown': refuse(
    'request.unreadable',
    'Gantry does not know what the Expect header asks for.',
  ),
  'socket-unknown': refuse('request.bad-address', 'There is no WebSocket at this address.'),
  failed: mistake,
}

export const createFaultTeller =
  (version: string) =>
  (fault: HttpFault): FaultAnswer => ({
    contentType: 'application/json; charset=utf-8',
    text: JSON.stringify(wrap({ product: 'Gantry', version }, faults[fault], {})),
  })
