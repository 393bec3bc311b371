import { randomUUID } from 'node:crypto'
import type { z } from 'zod'
import type { question } from '../../contract/routes/approvals.ts'
import type { Clock } from '../../lib/clock.ts'
import { createEmitter } from '../../lib/emitter.ts'
import type { Logger } from '../../lib/log.ts'
import { limits } from './limits.ts'

/** As it stands open before the owner. */
export type Question = z.output<typeof question>
type WithoutStamp<Kind> = Kind extends unknown ? Omit<Kind, 'id' | 'askedAt' | 'expiresAt'> : never
/** Who asks, and for what: `kind` says which. */
export type NewQuestion = WithoutStamp<Question>
export type Decision = 'allow' | 'once' | 'deny'
/** `busy`: the origin has a question open already, or too many wait. */
export type DeskAnswer = Decision | 'busy' | 'timeout' | 'gone'

export interface Desk {
  ask(question: NewQuestion, signal?: AbortSignal): Promise<DeskAnswer>
  pending(): readonly Question[]
  /** False when there is no such question any more. */
  decide(id: string, decision: Decision): boolean
  onChange(listener: (pending: readonly Question[]) => void): () => void
  /** Nobody is there to answer any more. */
  close(): void
}

/** gotapi 4.3: where questions wait for the owner. Whoever shows them – a window, a terminal – is told of each change. */
export function createDesk({ clock, log }: { readonly clock: Clock; readonly log: Logger }): Desk {
  const open = new Map<
    string,
    { readonly question: Question; readonly settle: (answer: DeskAnswer) => void }
  >()
  const emitter = createEmitter<{ change: readonly Question[] }>(error =>
    log.error('a listener of the desk failed', { error }),
  )
  const pending = () => [...open.values()].map(({ question }) => question)
  const tell = () => emitter.emit('change', pending())

  return {
    pending,
    ask(question, signal) {
      if (signal?.aborted) return Promise.resolve('gone')
      const isOpen = pending().some(({ origin }) => origin === question.origin)
      if (isOpen || open.size >= limits.openQuestions) return Promise.resolve('busy')
      return new Promise(resolve => {
        const id = randomUUID()
        const askedAt = clock.now()
        const settle = (answer: DeskAnswer) => {
          if (!open.delete(id)) return
          stopWaiting()
          signal?.removeEventListener('abort', leave)
          log.info('owner was asked', { kind: question.kind, origin: question.origin, answer })
          tell()
          resolve(answer)
        }
        const leave = () => settle('gone')
        const stopWaiting = clock.after(limits.decisionMs, 'gotapi: owner decides', () => settle('timeout'))
        signal?.addEventListener('abort', leave)
        open.set(id, {
          question: { ...question, id, askedAt, expiresAt: askedAt + limits.decisionMs },
          settle,
        })
        tell()
      })
    },
    decide(id, decision) {
      const entry = open.get(id)
      entry?.settle(decision)
      return entry !== undefined
    },
    onChange: listener => emitter.on('change', listener),
    close() {
      for (const { settle } of [...open.values()]) settle('gone')
    },
  }
}

/** For the application that asked. */
export const whyDenied = {
  deny: 'The owner said no.',
  timeout: 'The owner did not answer in time.',
  busy: 'A question of this application waits for the owner already.',
  gone: 'Nobody can be asked now.',
} as const
