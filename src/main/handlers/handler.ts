import { GantryError } from '../contract/error.ts'
import type { RouteSpec } from '../contract/route.ts'
import {
  type CallRoute,
  type EventRoute,
  type ParsedParams,
  type RouteResult,
  routes,
} from '../contract/routes.ts'
import type { Dispose } from '../lib/dispose.ts'
import type { ByteChannel } from './bytes.ts'
import type { Caller, Via } from './caller.ts'

/** Who calls, and from where. Origin, token and scope are checked by then. */
export interface CallContext {
  readonly caller: Caller
  readonly via: Via
  /** Aborts when the caller goes away: whatever is still being done for it may stop. */
  readonly leaving: () => AbortSignal
}

type TextParams = Readonly<Record<string, string>>
type Payload = Readonly<Record<string, unknown>>
/** Not `async` throughout: most calls are answered from memory, and each hop through a promise costs them. */
export type MaybePromise<T> = T | Promise<T>

/** The one definition behind a route of Gantry's own, whichever way it is called. */
export interface Endpoint {
  readonly kind: 'call'
  readonly name: CallRoute
  readonly answer: (context: CallContext, text: TextParams) => MaybePromise<Payload>
}

/** The one definition behind what can be followed. */
export interface Topic {
  readonly kind: 'event'
  readonly name: EventRoute
  readonly follow: (
    context: CallContext,
    text: TextParams,
    emit: (payload: Payload) => void,
  ) => MaybePromise<Dispose>
}

/** Whatever a room brings to the front door. */
export type Handler = Endpoint | Topic | ByteChannel

/** `endpoint('GET settings', (context, params) => result)`. A refusal is a GantryError with a code of its own. */
export function endpoint<Name extends CallRoute>(
  name: Name,
  answer: (context: CallContext, params: ParsedParams<Name>) => MaybePromise<RouteResult<Name>>,
): Endpoint {
  return {
    kind: 'call',
    name,
    answer: (context, text) => answer(context, parseParams(routes[name], text) as ParsedParams<Name>),
  }
}

/**
 * `topic('EVENT notices', (context, params, emit) => stop)`. Runs once for each application that follows.
 * gotapi 8.2: emit the latest result at once if there is one, then each new one, nothing else.
 */
export function topic<Name extends EventRoute>(
  name: Name,
  follow: (
    context: CallContext,
    params: ParsedParams<Name>,
    emit: (payload: RouteResult<Name>) => void,
  ) => MaybePromise<Dispose>,
): Topic {
  return {
    kind: 'event',
    name,
    follow: (context, text, emit) =>
      follow(context, parseParams(routes[name], text) as ParsedParams<Name>, emit),
  }
}

/** Unknown parameters are left out, never an error (gotapi 3.5). */
export function parseParams(spec: RouteSpec, text: TextParams): Payload {
  const parsed = spec.params.safeParse(text)
  if (!parsed.success) {
    const issue = parsed.error.issues[0]
    const name = issue?.path.join('.') ?? ''
    throw new GantryError(
      'request.invalid',
      `The parameter ${name} is missing or not of its form: ${issue?.message}.`,
      {
        name,
      },
    )
  }
  return spec.service ? { ...parsed.data, serviceId: text.serviceId } : parsed.data
}
