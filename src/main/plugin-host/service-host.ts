import type { Audience, Caller } from '../handlers/caller.ts'
import type { Payload } from '../handlers/handler.ts'
import type { Outcome, Refusal } from '../handlers/outcome.ts'
import type { Dispose } from '../lib/dispose.ts'

/** gotapi 3.1: the four actions an application can ask of a service. */
export type ServiceAction = 'GET' | 'PUT' | 'POST' | 'DELETE'

/** A service's id ends with its plug-in's: `{local}.{pluginId}`. */
export const pluginIdOf = (serviceId: string): string => serviceId.slice(serviceId.lastIndexOf('.') + 1)

/** Where in a service a call or an event belongs; names as the application wrote them. */
export interface ServicePath {
  readonly profile: string
  readonly interface?: string
  readonly attribute?: string
}

export interface ServiceCall extends ServicePath {
  readonly action: ServiceAction
  readonly caller: Caller
  /** As the application knows it: `{local}.{pluginId}`. */
  readonly serviceId: string
  /** Everything the application sent beside accessToken, serviceId and nonce. */
  readonly params: Readonly<Record<string, string>>
  /** The PUT or DELETE may begin or end following: a plug-in that was started anew is asked again. */
  readonly follows?: boolean
}

/** gotapi 5.1, with the server's own id; `id` and `serviceId` are the same value. */
export interface ServiceEntry {
  readonly id: string
  readonly serviceId: string
  readonly name: string
  readonly online: boolean
  readonly scopes: readonly string[]
  readonly type?: string
  readonly config?: string
  readonly manufacturer?: string
  readonly version?: string
}

/** gotapi 5.2 */
export interface ServiceInformation {
  readonly connect: Readonly<Record<'wifi' | 'bluetooth' | 'ble' | 'nfc', boolean>>
  readonly supports: readonly string[]
  /** Profile name to the Swagger 2.0 document its plug-in ships. */
  readonly supportApis: Readonly<Record<string, Payload>>
}

/** gotapi 6: a plug-in as the system profile lists it. */
export interface PluginSummary {
  readonly id: string
  readonly name: string
  readonly version: string
  readonly supports: readonly string[]
}

/** A new result of a service. */
export interface ServiceEvent extends ServicePath {
  readonly serviceId: string
  readonly payload: Payload
  /** The `Caller.id` it is meant for; absent: everybody who registered for the path. */
  readonly callerId?: string
  /** Absent: both. */
  readonly audience?: Audience
}

/** A plug-in that did not come with Gantry, as its owner is told of it. */
export interface ThirdPartyPlugin {
  readonly id: string
  readonly name: string
  readonly manufacturer: string
  readonly profiles: readonly string[]
  /** The same for as long as an owner would say it is the same plug-in: a new version is, another maker is not. */
  readonly identity: string
}

/** gotapi 7.4: may this application use this plug-in? Undefined is a yes; the owner may take a minute to say it. */
export type Guard = (
  plugin: ThirdPartyPlugin,
  caller: Caller,
  signal?: AbortSignal,
) => Refusal | undefined | Promise<Refusal | undefined>

export interface ServiceHostEvents {
  event: ServiceEvent
  /** A third-party plug-in was switched off, was removed, or became another: what was allowed for it is void. */
  thirdPartyLeft: { readonly pluginId: string }
  /** Services came, went, or changed: gotapi 5.1 `onservicechange`. */
  services: readonly ServiceEntry[]
}

/**
 * The GotAPI server's side of GotAPI-4: services, whoever provides them. The server checks who may call;
 * the host finds the plug-in, gets its approval, relays, and survives it.
 */
export interface ServiceHost {
  /** gotapi 5.1: asks every plug-in at once; one that is late or fails is left out. */
  discover(): Promise<readonly ServiceEntry[]>
  /** undefined: no such service. */
  information(serviceId: string): Promise<ServiceInformation | undefined>
  /** Never throws at the server: whatever a plug-in does ends up as an outcome. */
  call(call: ServiceCall, signal?: AbortSignal): Promise<Outcome>
  plugins(): readonly PluginSummary[]
  /** Third-party plug-ins that are switched on. */
  thirdParty(): readonly ThirdPartyPlugin[]
  /** Its folder cannot be read: nobody can say now whether it is still there, or who it was. */
  isUnread(pluginId: string): boolean
  /** Asked before anything of an application goes to a third-party plug-in. Until somebody guards them, nobody may. */
  guard(guard: Guard): Dispose
  /** gotapi 6: `system/device/wakeup`. */
  wakeup(pluginId: string, caller: Caller, signal?: AbortSignal): Promise<Outcome>
  /** gotapi 6: `system/events`; every plug-in drops what the caller follows. */
  clearEvents(caller: Caller): Promise<void>
  /** gotapi 7.1: the caller's WebSocket is gone for good; or it may not use this one plug-in any more. */
  disconnected(caller: Caller, pluginId?: string): void
  /** The caller's grant ended: what plug-ins, or this one, approved for it is forgotten. */
  forget(caller: Caller, pluginId?: string): void
  on<Name extends keyof ServiceHostEvents>(
    name: Name,
    listener: (event: ServiceHostEvents[Name]) => void,
  ): Dispose
}
