/**
 * A small GotAPI client for any web page: asks for access, calls, follows events, reconnects, and checks that the
 * server is the one that holds the shared key. Plain TypeScript without a framework, so that it can be built into
 * one file for pages of other people. Not for screens and stores, and it knows no route by name beyond
 * authorization and availability.
 */
export { type Answer, type Failure, type Payload, toAnswer, unreachable, wrongServer } from './answer.ts'
export type { BytesInit } from './bytes.ts'
export {
  createGotapiClient,
  type GotapiClient,
  type GotapiClientOptions,
  type TokenKeeper,
} from './client.ts'
export { hmacOf, type ServerKey } from './hmac.ts'
export type { LinkStatus } from './link.ts'
export { browserWorld, type World } from './world.ts'
