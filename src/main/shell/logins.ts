import type { AskWindow } from './ask-window.ts'
import type { Body } from './gateway-answer.ts'
import type { GatewayClient } from './gateway-client.ts'

interface Waiting {
  readonly id: string
  /** The owner pressed a button for it; otherwise an application caused it. */
  readonly isOwn: boolean
}

/** The logins at contents servers that wait for the owner. */
const loginsIn = ({ logins }: Body): readonly Waiting[] =>
  (Array.isArray(logins) ? logins : []).flatMap((each: unknown) =>
    typeof each === 'object' && each !== null && 'id' in each && typeof each.id === 'string'
      ? [{ id: each.id, isOwn: !('origin' in each) }]
      : [],
  )

/** The login window comes and goes with what waits; closing it is a no to all of it. */
export function followLogins(
  client: GatewayClient,
  createWindow: (onDismiss: () => void) => AskWindow,
): void {
  let waiting: readonly Waiting[] = []
  const window = createWindow(() => {
    for (const { id } of waiting) void client.call('DELETE', 'contentslogin/answer', { id })
  })
  const show = (next: readonly Waiting[]) => {
    waiting = next
    window.show(waiting.length, waiting.at(-1)?.isOwn)
  }
  client.follow('contentslogin', {}, { onEvent: frame => show(loginsIn(frame)), onRefused: () => show([]) })
}
