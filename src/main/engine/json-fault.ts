export interface JsonFault {
  readonly line: number
  readonly column: number
  /** What stands there, for a person. */
  readonly found: string
}

/** RFC 8259: white space, a structural character, a string, a number, a literal name. */
const token = new RegExp(
  [
    /[ \t\r\n]+/,
    /[{}[\],:]/,
    /"(?:[ -!#-[\]-\u{10ffff}]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/u,
    /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.])/,
    /(?:true|false|null)(?!\w)/,
  ]
    .map(({ source }) => source)
    .join('|'),
  'uy',
)

/**
 * Where a text stops being JSON. The runtimes we run on disagree in what `JSON.parse` tells: some name the
 * position, some only quote the text.
 */
export function findJsonFault(text: string): JsonFault | undefined {
  try {
    JSON.parse(text)
    return undefined
  } catch {
    return describe(text, faultPosition(text))
  }
}

type Expect = 'value' | 'value or ]' | 'name' | 'name or }' | 'colon' | 'comma' | 'end'

/** Walks the tokens with what may come next; the first that does not fit is the fault. */
function faultPosition(text: string): number {
  const open: string[] = []
  let expect: Expect = 'value'
  let position = 0
  while (position < text.length) {
    token.lastIndex = position
    const found = token.exec(text)?.[0]
    if (found === undefined) return position
    if (/\S/.test(found)) {
      const after = step(found, expect, open)
      if (after === undefined) return position
      expect = after
    }
    position += found.length
  }
  return position
}

function step(found: string, expect: Expect, open: string[]): Expect | undefined {
  const afterValue = (): Expect => (open.length === 0 ? 'end' : 'comma')
  if (found === '}' || found === ']') {
    const fits = expect === 'comma' || expect === (found === '}' ? 'name or }' : 'value or ]')
    return fits && open.pop() === found ? afterValue() : undefined
  }
  if (expect === 'comma') return found === ',' ? (open.at(-1) === '}' ? 'name' : 'value') : undefined
  if (expect === 'colon') return found === ':' ? 'value' : undefined
  if (expect === 'name' || expect === 'name or }') return found.startsWith('"') ? 'colon' : undefined
  if (expect === 'end' || found === ',' || found === ':') return undefined
  if (found !== '{' && found !== '[') return afterValue()
  open.push(found === '{' ? '}' : ']')
  return found === '{' ? 'name or }' : 'value or ]'
}

function describe(text: string, position: number): JsonFault {
  const before = text.slice(0, position)
  const found =
    position >= text.length
      ? 'the end of the file'
      : `“${text.slice(position).split(/[\s,]/, 1)[0]?.slice(0, 20)}”`
  return {
    line: before.split('\n').length,
    column: position - before.lastIndexOf('\n'),
    found,
  }
}
