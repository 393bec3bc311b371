import { randomUUID } from 'node:crypto'
import type { z } from 'zod'
import type { question } from '../../contract/routes/approvals.ts'
import type { Clock } from '../../lib/clock.ts'
import { createEmitter } from '../../lib/emitter.ts'
import type { Logger } from '../../lib/log.ts'
import { type Asker, isSameAsker, rateNameOf } from './asker.ts'
import { limits } from './limits.ts'

/** As it stands open before the owner. */
export type Question = z.output<typeof question>
type Stamp = 'id' | 'askedAt' | 'expiresAt'
type WithoutStamp<Kind> = Kind extends unknown ? Omit<Kind, Stamp | keyof Asker> : never
/** For what: `kind` says which. */
export type NewQuestion = WithoutStamp<Question>
export type Decision = 'allow' | 'once' | 'deny'
/** `busy`: a question of the same application is open already. `full`: too many wait. */
export type DeskAnswer = Decision | 'busy' | 'full' | 'timeout' | 'gone'

export interface Desk {
  ask(question: NewQuestion, asker: Asker, signal?: AbortSignal): Promise<DeskAnswer>
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
    ask(question, asker, signal) {
      if (signal?.aborted) return Promise.resolve('gone')
      if (pending().some(each => isSameAsker(each, asker))) return Promise.resolve('busy')
      if (!hasRoom(pending(), asker)) return Promise.resolve('full')
      return new Promise(resolve => {
        const id = randomUUID()
        const askedAt = clock.now()
        const settle = (answer: DeskAnswer) => {
          if (!open.delete(id)) return
          stopWaiting()
          signal?.removeEventListener('abort', leave)
          log.info('owner was asked', { kind: question.kind, origin: asker.origin, answer })
          tell()
          resolve(answer)
        }
        const leave = () => settle('gone')
        const stopWaiting = clock.after(limits.decisionMs, 'gotapi: owner decides', () => settle('timeout'))
        signal?.addEventListener('abort', leave)
        open.set(id, {
          question: { ...question, ...placeOf(asker), id, askedAt, expiresAt: askedAt + limits.decisionMs },
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

/** Origins cost nothing on the network: no number of them may fill the desk, and no device more than its share. */
function hasRoom(open: readonly Question[], asker: Asker): boolean {
  const sameWay = open.filter(({ via }) => via === asker.via)
  if (open.length >= limits.openQuestions || sameWay.length >= limits.openQuestionsVia[asker.via])
    return false
  if (asker.via !== 'lan') return true
  const sameDevice = sameWay.filter(each => rateNameOf(each) === rateNameOf(asker))
  return sameDevice.length < limits.openQuestionsOfDevice
}

const placeOf = ({ origin, via, address }: Asker) => ({
  origin,
  via,
  ...(address !== undefined && { address }),
})
