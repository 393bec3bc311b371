import { z } from 'zod'
import { type ErrorCode, errorCodes } from '../contract/error.ts'

/**
 * GotAPI-4, the contract of a plug-in (gotapi 7). Read this first when you write one.
 *
 * A plug-in is a function that is given a port. Over the port come requests, each with a `requestCode`; the
 * plug-in answers each with one RESPONSE that repeats the code, within 60 seconds (discovery: 8). It sends an
 * EVENT whenever it has a new result for somebody who asked with PUT, until DELETE. Messages are plain JSON.
 * Built-in plug-ins and third-party plug-ins in processes of their own speak exactly the same.
 */
export interface PluginPort {
  send(message: PluginMessage): void
  on<Name extends keyof PortEvents>(name: Name, listener: (event: PortEvents[Name]) => void): void
  /** The plug-in ends itself; the host treats it as a crash unless it asked for it. */
  close(): void
}

export interface PortEvents {
  message: HostMessage
  /** The host is gone or wants no more: let go of everything. */
  close: undefined
}

export type StartPlugin = (port: PluginPort) => void | Promise<void>

/** gotapi 7.1: what the host tells every plug-in without waiting for an answer. */
export type LifecycleAction =
  | 'MANAGER_LAUNCHED'
  | 'MANAGER_TERMINATED'
  | 'EVENT_TRANSMIT_DISCONNECT'
  | 'DEVICEPLUGIN_ENABLED'
  | 'DEVICEPLUGIN_DISABLED'
  | 'DEVICEPLUGIN_RESET'

/** gotapi 7.2: a question. Whatever is not about one service has no `serviceId`. */
export interface RequestMessage {
  readonly action: 'GET' | 'PUT' | 'POST' | 'DELETE'
  readonly requestCode: string
  readonly api: 'gotapi'
  readonly profile: string
  readonly interface?: string
  readonly attribute?: string
  /** The plug-in's own id of the service, without the `.{pluginId}` that applications see. */
  readonly serviceId?: string
  /** The token this plug-in gave for the application (7.4); never the application's own. */
  readonly accessToken?: string
  /** The application's origin. */
  readonly origin?: string
  /** The same, under the name the approval messages use. */
  readonly package?: string
  /** With `requestAccessToken`: what the plug-in handed out before, for whom, and for which profiles. */
  readonly clientId?: string
  readonly applicationName?: string
  readonly scope?: string
  /** The caller is one of the owner's own programs. Said to plug-ins that come with Gantry only. */
  readonly isOwner?: true
  readonly product: string
  readonly version: string
  readonly params: Readonly<Record<string, string>>
}

export interface LifecycleMessage {
  readonly action: LifecycleAction
  /** With EVENT_TRANSMIT_DISCONNECT: whose line went away. Two viewers may share an origin, never a token. */
  readonly origin?: string
  readonly accessToken?: string
  readonly product: string
  readonly version: string
}

/** "Are you there?" Answered like a request; in a process of its own the surroundings answer for the plug-in. */
export interface KeepAliveMessage {
  readonly action: 'KEEPALIVE'
  readonly requestCode: string
}

export type HostMessage = RequestMessage | LifecycleMessage | KeepAliveMessage

const codes = Object.keys(errorCodes) as [ErrorCode, ...ErrorCode[]]

/** Some plug-ins of the field send numbers as text ("11"). */
const code = z.union([z.number().int(), z.string().regex(/^-?\d{1,6}$/)]).transform(Number)
const name = z.string().max(200)

/** gotapi 7.2: an answer. Everything beside the named fields is payload and goes to the application unchanged. */
export const responseMessage = z.looseObject({
  action: z.literal('RESPONSE'),
  requestCode: z.string().max(100),
  result: code,
  errorCode: code.optional().catch(undefined),
  errorMessage: z.string().max(2_000).optional().catch(undefined),
})

/** What more a refusal may carry. In a success these names are payload like any other: not of the schema above. */
export const refusalExtras = z.object({
  /**
   * With 12 to 15: it is not the token of 7.4 that is meant but a secret among the parameters (a secure token of a
   * contents server). The application is told as it stands, and approval is not asked for again.
   */
  about: z.literal('parameters').optional().catch(undefined),
  /** Why, as one of Gantry's codes, and what belongs to it. Read of plug-ins that come with Gantry. */
  reason: z.enum(codes).optional().catch(undefined),
  reasonParams: z.record(z.string(), z.unknown()).optional().catch(undefined),
})

/** gotapi 7.2: a new result. With `accessToken` it is for that token's application only. */
export const eventMessage = z.looseObject({
  action: z.literal('EVENT'),
  profile: name,
  interface: name.optional(),
  attribute: name.optional(),
  serviceId: name.optional(),
  accessToken: z.string().max(2_000).optional(),
  /** gotapi 3.4: a name of the server's own. Who may have this version of it; read of plug-ins that come with Gantry. */
  _audience: z.enum(['owner', 'applications']).optional().catch(undefined),
})

export const pluginMessage = z.discriminatedUnion('action', [responseMessage, eventMessage])

export type ResponseMessage = z.output<typeof responseMessage>
export type EventMessage = z.output<typeof eventMessage>
/** What a plug-in may send; the host reads it as untrusted whatever its type says. */
export type PluginMessage = z.input<typeof pluginMessage>

/** gotapi 7.3: how a plug-in is asked for its services. */
export const discovery = { profile: 'networkServiceDiscovery', attribute: 'getNetworkServices' } as const
/** gotapi 5.1: the EVENT by which a plug-in says that its services changed. */
export const serviceChange = { profile: 'servicediscovery', attribute: 'onservicechange' } as const
/** gotapi 7.4: how a plug-in is asked to let an application in. */
export const approval = {
  profile: 'authorization',
  createClient: 'createClient',
  requestAccessToken: 'requestAccessToken',
  /** DELETE: this client is over, and what it did. Of Gantry's own: said to plug-ins that come with Gantry only. */
  forgetClient: 'forgetClient',
} as const
