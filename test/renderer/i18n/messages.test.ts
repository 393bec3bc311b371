import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { de } from '../../../src/renderer/i18n/de.ts'
import { en } from '../../../src/renderer/i18n/en.ts'
import { fill } from '../../../src/renderer/i18n/fill.ts'
import { preferredLanguage, speak, t } from '../../../src/renderer/i18n/index.ts'
import { ja } from '../../../src/renderer/i18n/ja.ts'

const page = resolve(import.meta.dirname, '../../../src/renderer')

function flatten(tree: object, prefix = ''): Map<string, string> {
  const flat = new Map<string, string>()
  for (const [key, value] of Object.entries(tree)) {
    if (typeof value === 'string') flat.set(prefix + key, value)
    else for (const [path, text] of flatten(value, `${prefix}${key}.`)) flat.set(path, text)
  }
  return flat
}

const holesOf = (text: string) =>
  [...new Set([...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name))].sort()
const tagsOf = (text: string) => [...text.matchAll(/<\/?\w+>/g)].map(([tag]) => tag)
const english = flatten(en)

describe.each([
  ['German', flatten(de), 2],
  ['Japanese', flatten(ja), 1],
])('%s', (_name, words, forms) => {
  it('says everything English says, and nothing else', () => {
    expect([...words.keys()]).toEqual([...english.keys()])
  })

  it('fills the same holes and marks as much', () => {
    const odd = [...english].filter(([key, text]) => {
      const other = words.get(key) ?? ''
      return (
        holesOf(other).join() !== holesOf(text).join() ||
        tagsOf(other).length % 2 !== 0 ||
        other.trim() === ''
      )
    })
    expect(odd).toEqual([])
  })

  it('has as many plural forms as the language needs', () => {
    const odd = [...english].filter(
      ([key, text]) => text.includes(' | ') && (words.get(key) ?? '').split(' | ').length !== forms,
    )
    expect(odd).toEqual([])
  })
})

it('keeps no sentence that nothing says', () => {
  const code = readdirSync(page, { recursive: true, encoding: 'utf8' })
    .filter(path => /\.(vue|ts)$/.test(path) && !path.startsWith('i18n'))
    .map(path => readFileSync(join(page, path), 'utf8'))
    .join('\n')
  // Whole families are picked by what the engine names: `foreign.${way}`.
  const isSaid = (key: string) => {
    const [family = ''] = key.split('.')
    return code.includes(`'${key}'`) || code.includes(`\`${family}.\${`)
  }
  expect([...english.keys()].filter(key => !isSaid(key))).toEqual([])
})

describe('filling a sentence', () => {
  it('picks the form of the count by the rule of the language', () => {
    const text = 'one job | {count} jobs'
    expect([0, 1, 2].map(count => fill(text, { count }, 'en'))).toEqual(['0 jobs', 'one job', '2 jobs'])
    expect(fill('{count} 件', { count: 1 }, 'ja')).toBe('1 件')
  })

  it('leaves a hole that nobody fills in sight', () => {
    expect(fill('from {origin}', {}, 'en')).toBe('from {origin}')
  })

  it('does not fill holes inside of what it filled in', () => {
    expect(fill('{a}', { a: '{b}', b: 'x' }, 'en')).toBe('{b}')
  })
})

describe('choosing a language', () => {
  it.each([
    [['de-AT', 'en'], 'de'],
    [['fr', 'ja-JP', 'de'], 'ja'],
    [['fr'], 'en'],
    [[], 'en'],
  ] as const)('takes from %j %s', (wishes, expected) => {
    expect(preferredLanguage(wishes)).toBe(expected)
  })

  it('tells the page, so that a screen reader speaks it too', () => {
    speak('de')
    expect(document.documentElement.lang).toBe('de')
    expect(t('nav.printers')).toBe('Drucker')
    speak('en')
    expect(t('nav.printers')).toBe('Printers')
  })
})
