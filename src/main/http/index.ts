/**
 * HTTP on this machine: ports and addresses, TLS for other devices, the names a request may be sent to, limits of
 * connections, the dashboard's files, and mounts for whoever answers under a path, with bodies as streams. It knows
 * no token, no route and no envelope: GotAPI is one mount beside others.
 */
export { createHttp, type Http } from './http.ts'
export type { Network } from './network.ts'
export type { NetworkNames } from './network-names.ts'
export type { FaultAnswer, HttpFault, Place, Visit, VisitHandler } from './place.ts'
