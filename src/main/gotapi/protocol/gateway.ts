import type { Readable } from 'node:stream'
import type { Via } from '../../handlers/caller.ts'
import type { Dispose } from '../../lib/dispose.ts'

/** One call, free of its transport: what GotAPI-1, the bridge and a test all hand in. */
export interface GotapiRequest {
  readonly method: string
  /** The request target's path, as it came: `/gotapi/servicediscovery`. */
  readonly path: string
  /** Query and body, already merged and decoded; a body value wins (gotapi 3.3). */
  readonly params: Readonly<Record<string, string>>
  readonly origin: OriginHeaders
  readonly via: Via
  /** Of the device that calls, where it is another one. */
  readonly address?: string | undefined
  /** Aborts when the caller goes away. Asked for by what waits: most calls are answered before anybody could leave. */
  readonly leaving?: () => AbortSignal
}

/** gotapi 10.2: what the caller says of itself, unchecked. */
export interface OriginHeaders {
  readonly origin?: string
  readonly gotapiOrigin?: string
  readonly referer?: string
}

export interface GotapiAnswer {
  /** HTTP status; callers inside may ignore it. */
  readonly status: number
  readonly body: Readonly<Record<string, unknown>>
}

/** Bytes on their way up or down, free of what carries them. */
export interface ByteRequest {
  readonly method: string
  /** `{profile}/{id}` */
  readonly path: string
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly body: Readable | undefined
  readonly token: string | undefined
  readonly origin: OriginHeaders
  readonly via: Via
  /** Of the device that calls, where it is another one. */
  readonly address?: string | undefined
}

export interface ByteAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  /** Text is an answer in words; absent where only the head was asked for. */
  readonly body?: Readable | string
}

/** GotAPI-5 without a socket: one application following its events. */
export interface EventLine {
  /** gotapi 9: the frame exactly as a WebSocket would carry it, before it is made text. */
  readonly onFrame: (frame: Readonly<Record<string, unknown>>) => void
  /** The server ends the line: token taken back, last subscription gone, engine stops. */
  readonly onClose: (reason: string) => void
}

/** The one way in for everybody who wants something of the engine. */
export interface Gateway {
  handle(request: GotapiRequest): Promise<GotapiAnswer>
  /** The byte channel, with the same checks as a call. */
  bytes(request: ByteRequest): Promise<ByteAnswer>
  /** Opens GotAPI-5 for the token's application; the answer is the first frame of gotapi 9-4. */
  connect(
    hello: { readonly accessToken: string; readonly origin: OriginHeaders; readonly via: Via },
    line: EventLine,
  ): { readonly answer: Readonly<Record<string, unknown>>; readonly close: Dispose }
  /**
   * A decision the owner made beforehand: whoever brings the code to `authorization/accesstoken` is let in
   * without a question. One use unless said otherwise. The only way to an owner's scope.
   */
  invite(invitation: {
    readonly about: string
    readonly scopes: readonly string[]
    readonly lifeMs: number
  }): string
  /**
   * gotapi 10.3: an application's key came as a `gotapi://` link, over the channel that the system ties to this
   * program. A link that is not of that form is logged and dropped: anybody can make one.
   */
  deliverKey(link: string): void
}
