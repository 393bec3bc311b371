/**
 * Discovery: seeing printers in the network and on USB, recognising those Gantry has already wherever they turn up,
 * and finding out why one cannot be seen. It opens no line to a printer: that is `printers`.
 */
export type { Discovery } from './discovery.ts'
export type { Doctor } from './doctor.ts'
export { linkReasonInWords } from './doctor-words.ts'
export type { Told as Found } from './matching.ts'
export { createDiscoveryRoom } from './room.ts'
export { whyInWords } from './words.ts'
