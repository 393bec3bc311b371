const deepest = 64

/**
 * The size of a value as JSON text, roughly and without writing the text; undefined when it is heavier than the
 * limit, nested beyond reason, or not JSON at all. Stops counting as soon as that is certain.
 */
export function weigh(value: unknown, limitBytes: number): number | undefined {
  let bytes = 0
  const add = (thing: unknown, depth: number): boolean => {
    bytes += 8
    if (depth > deepest) return false
    if (typeof thing === 'string') bytes += thing.length
    else if (Array.isArray(thing))
      return thing.length <= limitBytes && thing.every(item => add(item, depth + 1))
    else if (typeof thing === 'object' && thing !== null) return addObject(thing, depth)
    return bytes <= limitBytes && typeof thing !== 'bigint'
  }
  const addObject = (thing: object, depth: number): boolean => {
    const kind: unknown = Object.getPrototypeOf(thing)
    // A buffer or a map comes through a structured clone, but nobody could put it into an answer.
    if (kind !== Object.prototype && kind !== null) return false
    for (const [key, item] of Object.entries(thing)) {
      bytes += key.length
      if (!add(item, depth + 1)) return false
    }
    return true
  }
  return add(value, 0) && bytes <= limitBytes ? bytes : undefined
}
