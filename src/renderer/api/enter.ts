import type { GotapiBridge } from '@contract/client.ts'
import { browserWorld } from '../gotapi-client/index.ts'
import type { SessionState } from '../stores/session.ts'
import { createBrowserBridge } from './browser-bridge.ts'
import { takeInvitation } from './invitation.ts'
import { createPlaces, takeByLock } from './places.ts'

const deviceBytes = 16

export interface Entrance {
  readonly bridge: GotapiBridge
  readonly state: SessionState
}

/** How a browser comes in: with a one-time link, at a place it was signed in at before, or not at all. */
export async function enter(onSignedOut: () => void): Promise<Entrance> {
  const invitation = takeInvitation(window)
  const places = createPlaces(localStorage, takeByLock)
  const kept = await places.sit()
  const device = kept ?? browserWorld.randomHex(deviceBytes)
  if (kept === undefined) await takeByLock(device)
  const bridge = createBrowserBridge(places, device, onSignedOut)
  if (invitation !== undefined) return { bridge, state: await bridge.signIn(invitation) }
  return { bridge, state: kept === undefined ? 'out' : 'in' }
}
