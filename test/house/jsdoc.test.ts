import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'

const root = resolve(import.meta.dirname, '../..')
/** Where plain JavaScript lives: there the linter sees no types, because they stand in comments. */
const folders = ['src', 'scripts', 'bench', 'examples', 'test']

const files = folders.flatMap(folder =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter(path => /\.[cm]?js$/.test(path))
    .map(path => join(folder, path)),
)

/** The types in a comment of JSDoc: everything in braces after a tag. */
function anyIn(text: string): string[] {
  const comments = text.match(/\/\*\*[\s\S]*?\*\//g) ?? []
  return comments.filter(comment => /@\w+\s*\{[^\n]*\bany\b[^\n]*\}/.test(comment))
}

describe('types in comments', () => {
  it('are true: what is not known is unknown until it was looked at, never any', () => {
    const found = files.flatMap(file =>
      anyIn(readFileSync(join(root, file), 'utf8')).map(comment => `${file}: ${comment}`),
    )
    expect(found).toEqual([])
  })

  it('are found wherever JSDoc puts them', () => {
    expect(anyIn('/** @param {any} x */')).toHaveLength(1)
    expect(anyIn('/**\n * @typedef {Record<string, any>} M\n */')).toHaveLength(1)
    expect(anyIn('/** @type {{ port?: any }} */')).toHaveLength(1)
    expect(anyIn('/** @param {number} port 0 for any free one */')).toEqual([])
    expect(anyIn('/** Any sentence about {any} thing. */')).toEqual([])
  })
})
