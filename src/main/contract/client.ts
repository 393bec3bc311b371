import type { ErrorCode, ErrorDetails } from './error.ts'
import type { CallRoute, EventRoute, RouteParams, RouteResult } from './routes.ts'

/** gotapi 3.4: the answer of every call. `result` 0 is success; only then is the payload there. */
export type Answer<Name extends CallRoute> = ({ readonly result: 0 } & RouteResult<Name>) | Refusal

export interface Refusal {
  readonly result: 1
  readonly errorCode: number
  /** For a person, in English. */
  readonly errorMessage: string
  /** Gantry's own code: what a page says in its own language. */
  readonly reason?: ErrorCode
  readonly reasonParams?: ErrorDetails
}

export type Unsubscribe = () => void

/**
 * What a page may do with Gantry: call a route, follow a route. The preload bridge offers exactly this and so
 * does the client over fetch and WebSocket, so a screen cannot tell which of the two it runs on.
 */
export interface GotapiBridge {
  call<Name extends CallRoute>(route: Name, params: RouteParams<Name>): Promise<Answer<Name>>
  subscribe<Name extends EventRoute>(
    route: Name,
    params: RouteParams<Name>,
    listener: (event: RouteResult<Name>) => void,
    /** Told once when nothing will ever come: the route, its values or the right to it are wanting. */
    onRefused?: (refusal: Refusal) => void,
  ): Unsubscribe
}
