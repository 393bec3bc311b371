import { looksLikeNoise } from '../wire/frame.ts'
import type { Reply } from '../wire/reply.ts'
import type { SenderInput } from '../wire/sender-state.ts'

/** What the exchange itself is made of is no part of an answer. */
export const ofTheTalk = new Set<Reply['kind']>(['resend', 'line-damaged', 'number-lost', 'busy', 'wait'])

export function inputsOf(
  replies: readonly Reply[],
  text: string,
  atMs: number,
  running: boolean,
): SenderInput[] {
  const inputs: SenderInput[] = []
  for (const reply of replies) {
    if (reply.kind === 'ok') {
      const temperatures = replies.some(each => each.kind === 'temperatures')
      const room = reply.queueFree === undefined ? {} : { queueFree: reply.queueFree }
      inputs.push({ kind: 'heard-ok', temperatures, ...room, atMs })
    } else if (reply.kind === 'resend') inputs.push({ kind: 'heard-resend', line: reply.line, atMs })
    else if (reply.kind === 'number-lost') inputs.push({ kind: 'heard-number-lost', atMs })
    else if (reply.kind === 'busy') inputs.push({ kind: 'heard-busy', atMs })
    else if (reply.kind === 'wait') inputs.push({ kind: 'heard-wait', atMs })
    else if (reply.kind === 'start') inputs.push({ kind: 'heard-start', atMs })
    else if (reply.kind === 'temperatures' && inputs.length === 0) inputs.push({ kind: 'heard-heat', atMs })
  }
  // While it boots, noise may stand before the word in the same line; later only the exact word is a reset.
  if (!running && inputs.length === 0 && /start|^Marlin \d/.test(text))
    inputs.push({ kind: 'heard-start', atMs })
  if (inputs.length === 0 && !looksLikeNoise(text)) inputs.push({ kind: 'heard-line', atMs })
  return inputs
}
