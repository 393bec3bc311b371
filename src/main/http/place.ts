import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'

/** What is true of one listener: who comes in here, over what, at which port, by which names. */
export interface Place {
  readonly via: 'loopback' | 'lan'
  readonly scheme: 'http' | 'https'
  port(): number
  /** Beside localhost and its addresses. */
  hostNames(): readonly string[]
  /** Counts for the owner's list of who is connected. */
  onRequest?(address: string): void
}

/** One request that found its mount. Its body is not read yet. */
export interface Visit {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly place: Place
  /** As it came, without the query. */
  readonly path: string
  /** Without the question mark; empty where there is none. */
  readonly query: string
}

/** @returns a promise only where something is waited for. */
export type VisitHandler = (visit: Visit) => Promise<void> | undefined

/** Who answers the WebSockets of one path. */
export interface SocketMount {
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer, place: Place): void
  /** This place closes: each socket that came in there is told so. */
  closeAll(place: Place): void
}

/** Why a request never reached a mount. Whoever composes Gantry gives each its words. */
export type HttpFault =
  | 'host-unknown'
  | 'headers-too-large'
  | 'too-late'
  | 'unreadable'
  | 'expectation-unknown'
  | 'socket-unknown'
  | 'failed'

export interface FaultAnswer {
  readonly contentType: string
  readonly text: string
}

export const faultStatus = {
  'host-unknown': 421,
  'headers-too-large': 413,
  'too-late': 408,
  unreadable: 400,
  'expectation-unknown': 417,
  'socket-unknown': 404,
  failed: 500,
} as const satisfies Record<HttpFault, number>
