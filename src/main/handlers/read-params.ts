import { GantryError } from '../contract/error.ts'
import type { RouteSpec } from '../contract/route.ts'

export type TextParams = Readonly<Record<string, string>>

/** The parameters of a call by the schema of its route. Unknown ones are left out, never an error (gotapi 3.5). */
export function readParams({ params }: RouteSpec, text: TextParams): Readonly<Record<string, unknown>> {
  const parsed = params.safeParse(text)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  const name = issue?.path.join('.') ?? ''
  throw new GantryError(
    'request.invalid',
    `The parameter ${name} is missing or not of its form: ${issue?.message}.`,
    { name },
  )
}
