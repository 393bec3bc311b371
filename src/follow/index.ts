/**
 * What a GotAPI client follows: registrations at the server, in order, over whatever calls and line it has. Gantry's
 * window stands on it in the main process, its page and other people's pages in a browser. Not for opening or watching
 * the line: that is the transport's.
 */
export type { Payload } from './payload.ts'
export { createRegistrations, type Follower, type Params } from './registrations.ts'
