import type { Logger } from '../lib/log.ts'
import { covers } from './approval.ts'
import { payloadOf } from './payload.ts'
import { discovery, type EventMessage, serviceChange } from './plugin.ts'
import type { Resident } from './resident.ts'
import type { ServiceEvent } from './service-host.ts'

/** gotapi 5.1: the plug-in says that its services changed. */
export function isServiceChange(event: EventMessage): boolean {
  const profile = event.profile.toLowerCase()
  return profile === serviceChange.profile || profile === discovery.profile.toLowerCase()
}

/**
 * What an EVENT of a plug-in is to the server; undefined when nobody may have it: an unknown service, a profile
 * the service has not, a token that is not of this plug-in or does not cover the profile (gotapi 10.4).
 */
export function toServiceEvent(
  resident: Resident,
  event: EventMessage,
  log: Logger,
): ServiceEvent | undefined {
  const drop = (why: string) => {
    log.debug('dropped an event of a plug-in', { why, profile: event.profile })
    return undefined
  }
  const { accessToken } = event
  const owner = accessToken === undefined ? undefined : resident.relay.ownerOf(accessToken)
  if (accessToken !== undefined && owner === undefined) return drop('its token is unknown')
  if (owner !== undefined && !covers(owner.approval, event.profile)) return drop('outside its scope')
  const service = resident.known(event.serviceId)
  if (service === undefined) return drop('its service is unknown')
  if (!service.scopes.some(name => name.toLowerCase() === event.profile.toLowerCase()))
    return drop('the service has no such profile')
  return {
    serviceId: service.id,
    profile: event.profile,
    ...(event.interface === undefined ? {} : { interface: event.interface }),
    ...(event.attribute === undefined ? {} : { attribute: event.attribute }),
    payload: payloadOf(event),
    ...(owner === undefined ? {} : { callerId: owner.callerId }),
    ...(resident.builtIn && event._audience ? { audience: event._audience } : {}),
  }
}
