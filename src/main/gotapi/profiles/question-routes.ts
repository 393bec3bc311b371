import { GantryError } from '../../contract/error.ts'
import { answers, follows, type Handler } from '../../handlers/handler.ts'
import type { Desk, Question } from '../auth/desk.ts'
import type { Silence } from '../auth/silence.ts'

/** Where the owner answers what applications ask. */
export function createQuestionRoutes(deps: {
  readonly desk: Desk
  readonly silence: Silence
  /** Of the applications that the owner sees listed. */
  readonly changed: () => void
}): readonly Handler[] {
  const { desk, silence } = deps

  /** A no for all it asks now, and for whatever it will ask. The no holds even where the disk does not take the rest. */
  function neverAgain({ origin, via }: Question): void {
    try {
      silence.add({ origin, via })
      deps.changed()
    } finally {
      for (const each of desk.pending()) {
        if (each.origin === origin && each.via === via) desk.decide(each.id, 'deny')
      }
    }
  }

  return [
    answers('GET approvals', () => ({ approvals: desk.pending() })),
    follows('EVENT approvals', (_params, _call, emit) => {
      emit({ approvals: desk.pending() })
      return desk.onChange(pending => emit({ approvals: pending }))
    }),
    answers('PUT approvals/decision', ({ id, decision }) => {
      const question = desk.pending().find(each => each.id === id)
      if (!question) throw new GantryError('request.invalid', 'This question is not open any more.')
      if (decision === 'never') neverAgain(question)
      else desk.decide(id, decision)
      return {}
    }),
  ]
}
