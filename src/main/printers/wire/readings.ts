import { z } from 'zod'
import { GantryError } from '../../contract/error.ts'

/** Below and above this no sensor of a printer tells the truth: open and shorted thermistors, NaN, 2000 °C. */
const coldestC = -10
const hottestC = 999

export function plausibleC(value: unknown): number | undefined {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  if (typeof number !== 'number' || !Number.isFinite(number)) return undefined
  return number >= coldestC && number <= hottestC ? Math.round(number * 100) / 100 : undefined
}

/** Lenient fields of a printer's reply: what is odd is absent. */
export const celsius = z.unknown().optional().transform(plausibleC)
export const maybeNumber = z.number().optional().catch(undefined)
export const maybeText = z.string().max(2_000).optional().catch(undefined)
/** HD-HLF-09 to -17: a number is told on as its string, unless JSON has rounded it on the way. */
export const maybeWord = z
  .union([
    z.string().max(2_000),
    z
      .number()
      .refine(value => Math.abs(value) <= Number.MAX_SAFE_INTEGER)
      .transform(String),
  ])
  .optional()
  .catch(undefined)
export const maybeFlag = z.boolean().optional().catch(undefined)

/** A share of 1, whatever the make counts in. */
export function share(value: number | undefined | null, of = 1): number | undefined {
  if (value === undefined || value === null || !Number.isFinite(value)) return undefined
  return Math.min(1, Math.max(0, value / of))
}

/** A count or a span that cannot be below 0. */
export function notBelow0(value: number | undefined | null): number | undefined {
  return value === undefined || value === null || !Number.isFinite(value) || value < 0 ? undefined : value
}

/** Leaves out what is undefined: absent is how Gantry says that a printer did not say. */
export function known<Fields extends Record<string, unknown>>(
  fields: Fields,
): { [Key in keyof Fields]?: Exclude<Fields[Key], undefined> } {
  const entries = Object.entries(fields).filter(([, value]) => value !== undefined)
  return Object.fromEntries(entries) as { [Key in keyof Fields]?: Exclude<Fields[Key], undefined> }
}

/** Python writes bare NaN and Infinity into JSON; hosts of printers are Python. */
const bareNumbers = /([:,[]\s*)-?(?:NaN|Infinity)(?=\s*[,}\]])/g
const mayHoldBareNumber = /NaN|Infinity/

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    if (!mayHoldBareNumber.test(text)) return undefined
    try {
      return JSON.parse(text.replace(bareNumbers, '$1null'))
    } catch {
      return undefined
    }
  }
}

/** A reply's text as what the schema says, or `wire.malformed`. `what` is for a person: `the printer’s state`. */
export function readReply<Schema extends z.ZodType>(
  text: string,
  schema: Schema,
  what: string,
): z.output<Schema> {
  const parsed = schema.safeParse(parseJson(text))
  if (parsed.success) return parsed.data
  throw new GantryError('wire.malformed', `The answer about ${what} makes no sense.`, {
    issue: parsed.error.issues[0]?.message ?? '',
  })
}
