import type { AskWindow } from './ask-window.ts'
import type { Body } from './gateway-answer.ts'
import type { GatewayClient } from './gateway-client.ts'

/** How many applications wait for the owner's answer. */
export const pendingIn = ({ approvals }: Body): number => (Array.isArray(approvals) ? approvals.length : 0)

/** The permission window comes and goes with what waits at the desk. */
export function followQuestions(client: GatewayClient, window: AskWindow): void {
  client.follow(
    'approvals',
    {},
    { onEvent: frame => window.show(pendingIn(frame)), onRefused: () => window.show(0) },
  )
}
