import {
  type CallRoute,
  type EventRoute,
  type ParsedParams,
  type RouteOfService,
  type RouteResult,
  routes,
} from '../contract/routes.ts'
import type { Dispose } from '../lib/dispose.ts'
import type { ByteChannel } from './bytes.ts'
import type { Caller, Via } from './caller.ts'
import { readParams, type TextParams } from './read-params.ts'

/** Who calls, and from where. Origin, token and scope are checked by then. */
export interface Call {
  readonly caller: Caller
  /** Aborts when the caller goes away: whatever is still being done for it may stop. */
  readonly leaving: () => AbortSignal
  /** By which way it came in. Services are not told. */
  readonly via?: Via
  /** Of the device that calls, where it is another one. Services are not told. */
  readonly address?: string | undefined
  /** Which service is meant, by the id that whoever answers knows: a printer's, or `room`. */
  readonly serviceId?: string
}

/** What a handler of this route may rely on. */
export type CallOf<Name extends CallRoute | EventRoute> = Omit<Call, 'via' | 'address' | 'serviceId'> &
  (Name extends RouteOfService
    ? { readonly serviceId: string }
    : { readonly via: Via; readonly address?: string | undefined })

const forGood = new AbortController().signal
/** Where nobody is told when the caller goes away. */
export const stays = (): AbortSignal => forGood

export type Payload = Readonly<Record<string, unknown>>
/** Not `async` throughout: most calls are answered from memory, and each hop through a promise costs them. */
export type MaybePromise<T> = T | Promise<T>

/** The one definition behind a route, whichever way it is called. */
export interface CallHandler {
  readonly kind: 'call'
  readonly route: CallRoute
  readonly answer: (text: TextParams, call: Call) => MaybePromise<Payload>
}

/** The one definition behind what can be followed. */
export interface EventHandler {
  readonly kind: 'event'
  readonly route: EventRoute
  readonly follow: (
    text: TextParams,
    call: Call,
    emit: (payload: Payload) => void,
  ) => MaybePromise<Dispose | Shared<Payload>>
}

export type RouteHandler = CallHandler | EventHandler

/** Whatever a room brings to the front door. */
export type Handler = RouteHandler | ByteChannel

/** What is the same for everybody: the latest for who comes, where there is one, and what is new for all. */
export interface Shared<Result> {
  readonly latest: () => Result | undefined
  readonly follow: (emit: (payload: Result) => void) => Dispose
}

/** `answers('GET settings', (params, call) => result)`. A refusal is a GantryError with a code of its own. */
export function answers<Name extends CallRoute>(
  route: Name,
  answer: (params: ParsedParams<Name>, call: CallOf<Name>) => MaybePromise<RouteResult<Name>>,
): CallHandler {
  return {
    kind: 'call',
    route,
    answer: (text, call) =>
      answer(readParams(routes[route], text) as ParsedParams<Name>, call as CallOf<Name>),
  }
}

/**
 * `follows('EVENT notices', (params, call, emit) => stop)`: tell this follower the latest at once if there is one,
 * then each new result, nothing else (gotapi 8.2). Or, where all are told alike, say what that is (`Shared`).
 */
export function follows<Name extends EventRoute>(
  route: Name,
  follow: (
    params: ParsedParams<Name>,
    call: CallOf<Name>,
    emit: (payload: RouteResult<Name>) => void,
  ) => MaybePromise<Dispose | Shared<RouteResult<Name>>>,
): EventHandler {
  return {
    kind: 'event',
    route,
    follow: (text, call, emit) =>
      follow(readParams(routes[route], text) as ParsedParams<Name>, call as CallOf<Name>, emit),
  }
}
