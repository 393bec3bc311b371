import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import {
  DOCUMENT,
  idleAcceptances,
  lineOf,
  openSurvivors,
  withScore,
} from '../../scripts/mutation/document.mjs'
import { scoreOf } from '../../scripts/mutation/score.mjs'
import { shouldIgnore } from '../../scripts/mutation/words.mjs'

const source = ['if (size <= limit) return true', 'for (const each of all) {', '  close(each)', '}'].join(
  '\n',
)
const mutant = (status: string, [line, column, endLine, endColumn]: number[], replacement: string) => ({
  status,
  replacement,
  location: {
    start: { line: line ?? 0, column: column ?? 0 },
    end: { line: endLine ?? 0, column: endColumn ?? 0 },
  },
})
const report = {
  files: {
    'src/main/store/one.ts': {
      source,
      mutants: [
        mutant('Killed', [1, 5, 1, 18], 'true'),
        mutant('Timeout', [1, 5, 1, 18], 'false'),
        mutant('Survived', [1, 5, 1, 18], 'size < limit'),
        mutant('NoCoverage', [2, 25, 4, 2], '{}'),
        mutant('Ignored', [1, 5, 1, 18], 'size > limit'),
      ],
    },
  },
}

describe('the score of a room', () => {
  it('counts what was noticed among what was tried', () => {
    expect(scoreOf(report)).toMatchObject({ mutants: 4, noticed: 2, percent: 50 })
  })

  it('names each survivor by what became of the code, on one line', () => {
    expect(scoreOf(report).survivors).toEqual([
      { file: 'src/main/store/one.ts', line: 1, change: 'size <= limit → size < limit' },
      { file: 'src/main/store/one.ts', line: 2, change: '{ close(each) } → {}' },
    ])
  })

  it('is never rounded up to its aim', () => {
    const killed = Array.from({ length: 8_499 }, () => mutant('Killed', [1, 1, 1, 2], ''))
    const survived = Array.from({ length: 1_501 }, () => mutant('Survived', [1, 1, 1, 2], ''))
    const files = { 'a.ts': { source, mutants: [...killed, ...survived] } }
    expect(scoreOf({ files }).percent).toBe(84.9)
    expect(scoreOf({ files: {} })).toMatchObject({ mutants: 0, percent: 0 })
  })
})

describe('the page of the scores', () => {
  const page = readFileSync(resolve(import.meta.dirname, '../..', DOCUMENT), 'utf8')
  const score = scoreOf(report)
  const [first] = score.survivors
  const accepting = `${page}\n### a room\n\n    ${first && lineOf(first)}\n        seen by nobody\n`

  it('leaves what people accepted out of what is open', () => {
    expect(openSurvivors(page, 'a room', score)).toHaveLength(2)
    expect(openSurvivors(accepting, 'a room', score)).toEqual([score.survivors[1]])
  })

  it('accepts for one room what it accepts for no other', () => {
    expect(openSurvivors(`${accepting}\n### another\n`, 'another', score)).toHaveLength(2)
    expect(openSurvivors(`${accepting}\n### another\n`, 'a room', score)).toHaveLength(1)
  })

  it('names what was accepted and survives no more', () => {
    expect(idleAcceptances(accepting, 'a room', score)).toEqual([])
    const mended = { ...score, survivors: score.survivors.slice(1) }
    expect(idleAcceptances(accepting, 'a room', mended)).toEqual([first && lineOf(first)])
  })

  it('gets the row of one room, and keeps the others and all its words', () => {
    const once = withScore(accepting, 'a room', score)
    expect(once).toContain('| a room | 4 | 2 | 50.0 % | 1 | 1 |')
    const twice = withScore(withScore(once, 'another', score), 'a room', {
      ...score,
      noticed: 4,
      percent: 100,
    })
    expect(twice).toContain('| a room | 4 | 4 | 100.0 % | 1 | 1 |\n| another | 4 | 2 | 50.0 % | 0 | 2 |')
    expect(twice.match(/^\| a room/gm)).toHaveLength(1)
    expect(twice.endsWith(accepting.slice(accepting.indexOf('<!-- end')))).toBe(true)
  })

  it('says so when its place is lost', () => {
    expect(() => withScore('# Nothing', 'a room', score)).toThrow('lost the place')
  })
})

describe('what is not mutated', () => {
  const name = (word: string) => ({ type: 'Identifier', name: word })
  const member = (object: object, property: string) => ({
    type: 'MemberExpression',
    object,
    property: name(property),
  })
  const call = (callee: object) => ({ node: { type: 'CallExpression', callee } })
  const sentence = { type: 'StringLiteral' }
  const given = (type: string, what: string | object, key: number) => ({
    node: sentence,
    parent: { type, callee: typeof what === 'string' ? name(what) : what },
    listKey: 'arguments',
    key,
  })
  const made = (what: string, key: number) => given('NewExpression', what, key)
  const otherwise = (type: string, test: object | null = null) => ({
    node: {
      type: 'SwitchCase',
      test,
      consequent: [
        {
          type: 'ReturnStatement',
          argument: { type: 'TSSatisfiesExpression', typeAnnotation: { type } },
        },
      ],
    },
  })

  it.each([
    ['what is logged', call(member(name('log'), 'warn'))],
    [
      'what does nothing but log',
      { node: { type: 'ArrowFunctionExpression', body: call(member(name('log'), 'error')).node } },
    ],
    ['what is logged with every line', call(member(name('log'), 'with'))],
    ['what is logged by a part', call(member(member(name('context'), 'log'), 'info'))],
    ['the sentence of an error', made('GantryError', 1)],
    ['the sentence of a refusal', given('CallExpression', 'refuse', 1)],
    ['the name of a timer', given('CallExpression', member(name('clock'), 'after'), 1)],
    ['the case that the types rule out', otherwise('TSNeverKeyword')],
  ])('is %s', (_what, path) => {
    expect(shouldIgnore(path as Parameters<typeof shouldIgnore>[0])).toBeDefined()
  })

  it.each([
    ['the code of an error', made('GantryError', 0)],
    ['what else is made', made('Map', 1)],
    ['a call of another kind', call(member(name('log'), 'child'))],
    ['a call of somebody else’s', call(member(name('notices'), 'info'))],
    ['a plain call', call(name('close'))],
    [
      'what does something',
      { node: { type: 'ArrowFunctionExpression', body: call(member(name('log'), 'child')).node } },
    ],
    ['the code of a refusal', given('CallExpression', 'refuse', 0)],
    ['when a timer runs', given('CallExpression', member(name('clock'), 'every'), 0)],
    ['what a list is asked', given('CallExpression', member(name('members'), 'every'), 1)],
    ['another call with words', given('CallExpression', 'raise', 1)],
    ['a case that may come', otherwise('TSNeverKeyword', name('late'))],
    ['another last case', otherwise('TSStringKeyword')],
    ['an empty last case', { node: { type: 'SwitchCase', test: null, consequent: [] } }],
  ])('is not %s', (_what, path) => {
    expect(shouldIgnore(path as Parameters<typeof shouldIgnore>[0])).toBeUndefined()
  })
})
