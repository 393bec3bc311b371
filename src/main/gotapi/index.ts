/**
 * The front door: a GotAPI 1.1 server. Who calls, whether they may, and the way to whoever answers; the owner's
 * permission desk; events over one line per application. It knows no printer and no setting: other rooms bring
 * handlers, services live behind the plug-in host, and bytes come in over `http`.
 */
export { createFaultTeller } from './faults.ts'
export { createGotapi, type Gotapi } from './gotapi.ts'
export type { ByteAnswer, ByteRequest, EventLine, Gateway } from './protocol/gateway.ts'
export { windowOrigin } from './protocol/origin.ts'
export { defaultPolicy, type GotapiPolicy } from './protocol/policy.ts'
