import { GantryError } from './error.ts'

/**
 * How the values of a call become the text that GotAPI carries: text as it is, numbers and booleans as JavaScript
 * writes them, lists and objects as JSON. What is undefined is left out. The schemas of the route map read it back.
 * Used by every client, so that the window and a browser send the same.
 */
export function paramsToText(params: Readonly<Record<string, unknown>>): Record<string, string> {
  const text: Record<string, string> = {}
  for (const [name, value] of Object.entries(params)) {
    if (value !== undefined) text[name] = valueToText(name, value)
  }
  return text
}

function valueToText(name: string, value: unknown): string {
  if (typeof value === 'string') return value
  if (typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value)))
    return String(value)
  if (typeof value === 'object') {
    try {
      return JSON.stringify(value)
    } catch {
      // A ring of objects: no text can carry it.
    }
  }
  throw new GantryError('request.invalid', `The value of ${name} cannot be sent: it is not plain data.`)
}
