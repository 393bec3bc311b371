import type { z } from 'zod'

export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE'

/** Each printer is a service, and the room they stand in is one. `any`: those of plug-ins too. */
export type ServiceKind = 'printer' | 'room' | 'any'

/**
 * What one route is, as data. REST, WebSocket, the bridge, the documentation and the API descriptions are all
 * drawn from it. A key of the route map is `METHOD path`, the path without `/gotapi/`: `GET 3dprinter/status`.
 * `EVENT path` is the asynchronous side of the same path: PUT starts it, DELETE ends it, frames come over GotAPI-5.
 * The answer to the PUT has no payload, but where no WebSocket is open: `line: false`.
 */
export interface RouteSpec {
  /** One sentence for the documentation. */
  readonly about: string
  /** The scope a token must cover: the profile's name, or null where no token is asked for. */
  readonly scope: string | null
  /** Only the owner's own programs may have the scope; no permission window ever offers it. */
  readonly owner?: true
  /** The call is for one service, named by `serviceId`, of this kind. */
  readonly service?: ServiceKind
  /** Parameters beside accessToken, serviceId and nonce. Values arrive as text: schemas coerce. */
  readonly params: z.ZodObject
  /** The payload beside the envelope; for an EVENT the payload of each frame. */
  readonly result: z.ZodObject
}

export function route<const Spec extends RouteSpec>(spec: Spec): Spec {
  return spec
}

export type RouteTable = Readonly<Record<`${Method | 'EVENT'} ${string}`, RouteSpec>>
