import type { ErrorCode } from '../contract/error.ts'
import { failureOf } from '../handlers/failure.ts'
import { refuse } from '../handlers/outcome.ts'

/** What the engine's gateway answers: gotapi 3.4's envelope, as plain data. */
export type Body = Readonly<Record<string, unknown>>

/** An answer in the same form from this side of the gateway. */
export const refusal = (code: ErrorCode, message: string): Body => ({
  result: 1,
  ...failureOf(refuse(code, message)),
})
