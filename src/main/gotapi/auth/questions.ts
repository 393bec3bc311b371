import { type ErrorCode, GantryError } from '../../contract/error.ts'
import type { Clock } from '../../lib/clock.ts'
import { createRate } from '../../lib/rate.ts'
import { type Asker, rateNameOf } from './asker.ts'
import type { Desk, DeskAnswer, NewQuestion } from './desk.ts'
import { limits } from './limits.ts'
import type { Silence } from './silence.ts'

/** `never`: the owner does not want to hear of it again. */
export type Answer = DeskAnswer | 'never' | 'too-often'
export type No = Exclude<Answer, 'allow' | 'once'>

export type Questions = ReturnType<typeof createQuestions>

const everybody = 'everybody'

/** The one way to the owner's desk: past who is never to ask again, and how often anybody may. */
export function createQuestions(deps: {
  readonly clock: Clock
  readonly desk: Desk
  readonly silence: Pick<Silence, 'has'>
}) {
  const { desk, silence } = deps
  const perMinute = (count: number) =>
    createRate(deps.clock, { limit: () => count, windowMs: 60_000, namesKept: limits.originsCounted })
  const questions = perMinute(limits.questionsPerMinute)
  const showings = perMinute(limits.showingsPerMinute)
  const showingsOfAll = perMinute(limits.showingsPerMinuteOfAll)

  function isTooOften({ kind }: NewQuestion, asker: Asker): boolean {
    const name = rateNameOf(asker)
    if (!questions.take(name)) return true
    const isShowing = kind === 'keyword' || kind === 'key'
    return isShowing && !(showings.take(name) && showingsOfAll.take(everybody))
  }

  return {
    async ask(question: NewQuestion, asker: Asker, signal?: AbortSignal): Promise<Answer> {
      if (silence.has(asker)) return 'never'
      if (isTooOften(question, asker)) return 'too-often'
      return desk.ask(question, asker, signal)
    },
  }
}

export const isYes = (answer: Answer): answer is Exclude<Answer, No> =>
  answer === 'allow' || answer === 'once'

const unseen = ['never', 'too-often', 'busy', 'full'] as const

/** Nobody was shown the question. */
export const isUnseen = (answer: Answer): answer is (typeof unseen)[number] =>
  unseen.some(each => each === answer)

const reasons = {
  deny: ['auth.denied', 'The owner said no.'],
  never: ['auth.denied', 'The owner does not want to be asked by this application again.'],
  timeout: ['auth.denied', 'The owner did not answer in time.'],
  busy: ['auth.denied', 'A question of this application waits for the owner already.'],
  full: ['auth.denied', 'Too many questions wait for the owner already. Try again in a minute.'],
  gone: ['auth.denied', 'Nobody can be asked now.'],
  'too-often': ['auth.too-often', 'This application asks too often. Try again in a minute.'],
} as const satisfies Record<No, readonly [ErrorCode, string]>

/** For the application that asked. */
export function whyNot(answer: No): GantryError {
  const [code, message] = reasons[answer]
  return new GantryError(code, message)
}
