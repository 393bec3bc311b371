import type { Clock } from '../lib/clock.ts'
import type { Logger } from '../lib/log.ts'
import type { PluginLimits } from './limits.ts'
import {
  type EventMessage,
  type HostMessage,
  pluginMessage,
  type RequestMessage,
  type ResponseMessage,
} from './plugin.ts'
import type { HostPort } from './port.ts'
import { weigh } from './weigh.ts'

/** How a question to a plug-in ended. */
export type Outcome = { readonly kind: 'answered'; readonly response: ResponseMessage } | NoAnswer

export interface NoAnswer {
  readonly kind: 'late' | 'malformed' | 'closed' | 'cancelled' | 'full'
}

export type Question = Omit<RequestMessage, 'requestCode'> | { readonly action: 'KEEPALIVE' }

/** Questions and answers over one port: each answer finds its question by `requestCode`, once. */
export interface Exchange {
  ask(question: Question, limitMs: number, signal?: AbortSignal): Promise<Outcome>
  tell(message: HostMessage): void
  /** Every open question ends as `closed`. */
  end(): void
}

export interface ExchangeDeps {
  readonly port: HostPort
  readonly clock: Clock
  readonly log: Logger
  readonly uuid: () => string
  readonly limits: PluginLimits
  readonly onEvent: (event: EventMessage) => void
  /** The plug-in sends more than anybody could mean to. */
  readonly onFlood: () => void
}

export function createExchange(deps: ExchangeDeps): Exchange {
  const { port, clock, log, limits } = deps
  const open = new Map<string, (outcome: Outcome) => void>()
  const withinRate = createRate(clock, limits.messagesPerSecond)
  let ended = false

  port.onMessage(raw => {
    if (ended) return
    if (!withinRate()) return deps.onFlood()
    const small = weigh(raw, limits.messageBytes) !== undefined
    const message = small ? pluginMessage.safeParse(raw) : undefined
    if (!message?.success) {
      log.warn('dropped a message of a plug-in', { why: small ? 'not of the agreed form' : 'too large' })
      open.get(codeOf(raw) ?? '')?.({ kind: 'malformed' })
    } else if (message.data.action === 'EVENT') deps.onEvent(message.data)
    else {
      const settle = open.get(message.data.requestCode)
      // gotapi 45: answered before, given up, or never asked.
      if (settle === undefined) log.debug('dropped an answer nobody waits for')
      settle?.({ kind: 'answered', response: message.data })
    }
  })

  return {
    ask(question, limitMs, signal) {
      if (ended) return Promise.resolve({ kind: 'closed' })
      if (signal?.aborted) return Promise.resolve({ kind: 'cancelled' })
      if (open.size >= limits.inFlight) return Promise.resolve({ kind: 'full' })
      return new Promise(resolve => {
        const requestCode = deps.uuid()
        const cancel = () => settle({ kind: 'cancelled' })
        const settle = (outcome: Outcome) => {
          open.delete(requestCode)
          stopWaiting()
          signal?.removeEventListener('abort', cancel)
          resolve(outcome)
        }
        const stopWaiting = clock.after(limitMs, 'plug-in answer', () => settle({ kind: 'late' }))
        signal?.addEventListener('abort', cancel)
        open.set(requestCode, settle)
        port.send({ ...question, requestCode })
      })
    },
    tell(message) {
      if (!ended) port.send(message)
    },
    end() {
      ended = true
      for (const settle of [...open.values()]) settle({ kind: 'closed' })
    },
  }
}

function codeOf(raw: unknown): string | undefined {
  if (typeof raw !== 'object' || raw === null || !('requestCode' in raw)) return undefined
  return typeof raw.requestCode === 'string' ? raw.requestCode : undefined
}

function createRate(clock: Clock, perSecond: number): () => boolean {
  let sinceMs = clock.elapsed()
  let count = 0
  return () => {
    if (clock.elapsed() - sinceMs >= 1_000) {
      sinceMs = clock.elapsed()
      count = 0
    }
    count += 1
    return count <= perSecond
  }
}
