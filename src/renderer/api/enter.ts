import { browserWorld } from '../gotapi-client/index.ts'
import type { SessionState } from '../stores/session.ts'
import { createBrowserBridge } from './browser-bridge.ts'
import type { SendBytes } from './bytes.ts'
import type { PageBridge } from './index.ts'
import { invitationIn, takeInvitation } from './invitation.ts'
import { createPlaces, type Places, takeByLock } from './places.ts'

const deviceBytes = 16

export interface Entrance {
  readonly bridge: PageBridge
  readonly bytes: SendBytes
  readonly state: SessionState
}

/**
 * How a browser comes in: with a one-time link, at a place it was signed in at before, at a new place that a tab
 * already signed in vouches for, or not at all.
 */
export async function enter(onSignedOut: () => void): Promise<Entrance> {
  const invitation = takeInvitation(window)
  const places = createPlaces(localStorage, takeByLock)
  const kept = await places.sit()
  const device = kept ?? browserWorld.randomHex(deviceBytes)
  const bridge = createBrowserBridge(places, device, onSignedOut)
  if (kept === undefined) await takeByLock(device)
  const code = invitation ?? (kept === undefined ? await vouch(places) : undefined)
  if (code !== undefined) return { bridge, bytes: bridge.bytes, state: await bridge.signIn(code) }
  return { bridge, bytes: bridge.bytes, state: kept === undefined ? 'out' : 'in' }
}

/** Another tab of this browser sits at every place: its token asks for one place more. */
async function vouch(places: Places): Promise<string | undefined> {
  const device = places.anyDevice()
  if (device === undefined) return undefined
  const answer = await createBrowserBridge(places, device, () => {}).call('POST link', {})
  return answer.result === 0 ? invitationIn(new URL(answer.link).hash) : undefined
}
