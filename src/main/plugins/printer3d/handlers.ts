import { GantryError } from '../../contract/error.ts'
import type { RouteSpec } from '../../contract/route.ts'
import {
  type CallRoute,
  type EventRoute,
  type ParsedParams,
  type RouteResult,
  routes,
} from '../../contract/routes.ts'
import type { Dispose } from '../../lib/dispose.ts'

/** `serviceId` is the plug-in's own id of the service: a printer's id, or `room`. */
export interface Call {
  readonly serviceId: string
  readonly params: Readonly<Record<string, string>>
  /** Who asks: the application's origin, and the token this plug-in gave it, never the application's own. */
  readonly origin: string
  readonly application: string
}

type Payload = Readonly<Record<string, unknown>>

export interface CallHandler {
  readonly kind: 'call'
  readonly route: CallRoute
  readonly answer: (call: Call) => Promise<Payload>
}

export interface EventHandler {
  readonly kind: 'event'
  readonly route: EventRoute
  /** Tells this follower the latest at once where there is one, then what is new; or says what all are told alike. */
  readonly follow: (call: Call, emit: (payload: Payload) => void) => Dispose | Shared<Payload>
}

/** What is the same for everybody: the latest for who comes, where there is one, and what is new for all. */
export interface Shared<Result> {
  readonly latest: () => Result | undefined
  readonly follow: (emit: (payload: Result) => void) => Dispose
}

export type Handler = CallHandler | EventHandler

/** One call of one service, its parameters read by its route. */
export function answers<Name extends CallRoute>(
  route: Name,
  answer: (
    serviceId: string,
    params: ParsedParams<Name>,
    call: Call,
  ) => RouteResult<Name> | Promise<RouteResult<Name>>,
): CallHandler {
  return {
    kind: 'call',
    route,
    answer: async call => answer(call.serviceId, read<Name>(route, call.params), call),
  }
}

export function follows<Name extends EventRoute>(
  route: Name,
  follow: (
    serviceId: string,
    params: ParsedParams<Name>,
    emit: (payload: RouteResult<Name>) => void,
  ) => Dispose | Shared<RouteResult<Name>>,
): EventHandler {
  return {
    kind: 'event',
    route,
    follow: (call, emit) => follow(call.serviceId, read<Name>(route, call.params), emit),
  }
}

function read<Name extends CallRoute | EventRoute>(
  name: Name,
  params: Readonly<Record<string, string>>,
): ParsedParams<Name> {
  const spec: RouteSpec = routes[name]
  const parsed = spec.params.safeParse(params)
  if (parsed.success) return parsed.data as ParsedParams<Name>
  const issue = parsed.error.issues[0]
  throw new GantryError(
    'request.invalid',
    `The parameter ${issue?.path.join('.') ?? ''} is missing or not of its form: ${issue?.message ?? ''}.`,
  )
}
