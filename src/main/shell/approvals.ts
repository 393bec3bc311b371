import type { AskWindow } from './ask-window.ts'
import type { Body } from './door-answer.ts'
import type { DoorClient } from './door-client.ts'

/** How many applications wait for the owner's answer. */
export const pendingIn = ({ approvals }: Body): number => (Array.isArray(approvals) ? approvals.length : 0)

/** The permission window comes and goes with what waits at the desk. */
export function followApprovals(client: DoorClient, window: AskWindow): void {
  client.follow(
    'approvals',
    {},
    { onEvent: frame => window.show(pendingIn(frame)), onRefused: () => window.show(0) },
  )
}
