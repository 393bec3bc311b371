import { type ErrorCode, type ErrorDetails, GantryError, toGantryError } from '../contract/error.ts'

/** What went wrong, before any transport has put a number on it (`failure.ts`). */
export interface Refusal {
  readonly result: 1
  readonly code: ErrorCode
  /** For a person, in English. */
  readonly message: string
  /** What the code is about. Only what `contract/error.ts` allows is told outside. */
  readonly params: ErrorDetails
}

/** What came of a call. */
export type Outcome = { readonly result: 0; readonly payload: Readonly<Record<string, unknown>> } | Refusal

export const refuse = (code: ErrorCode, message: string, params: ErrorDetails = {}): Refusal => ({
  result: 1,
  code,
  message,
  params,
})

export const succeed = (payload: Readonly<Record<string, unknown>> = {}): Outcome => ({ result: 0, payload })

/** Anything thrown, as a refusal. The words of a mistake of ours stay in the log. */
export function refusalOf(thrown: unknown, onMistake: (error: GantryError) => void): Refusal {
  const error = toGantryError(thrown)
  if (error.code !== 'internal.bug') return refuse(error.code, error.message, error.details)
  onMistake(error)
  return mistake
}

export const mistake = refuse('internal.bug', 'Gantry made a mistake. What happened is in its log.')

/** For whoever must hand a refusal on by throwing it. */
export const errorOf = ({ code, message, params }: Refusal): GantryError =>
  new GantryError(code, message, params)
