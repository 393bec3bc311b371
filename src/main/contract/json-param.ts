import { z } from 'zod'

/** A list or an object in a parameter: GotAPI carries text, so it comes as JSON (`contract/params.ts`). */
export function jsonParam<Schema extends z.ZodType>(schema: Schema) {
  return z.preprocess(value => {
    if (typeof value !== 'string') return value
    try {
      return JSON.parse(value)
    } catch {
      return undefined
    }
  }, schema)
}
