import { afterEach, describe, expect, it } from 'vitest'
import type { Refusal } from '../../../src/main/contract/client.ts'
import { type ErrorCode, errorCodes, isErrorCode, toldDetails } from '../../../src/main/contract/error.ts'
import { detailOf, sentenceOf, whyFailed, wordsOf } from '../../../src/renderer/api/errors.ts'
import { isPageReason, terminalReasons } from '../../../src/renderer/api/page-reasons.ts'
import * as de from '../../../src/renderer/i18n/de-reasons.ts'
import * as en from '../../../src/renderer/i18n/en-reasons.ts'
import { speak } from '../../../src/renderer/i18n/index.ts'
import * as ja from '../../../src/renderer/i18n/ja-reasons.ts'

const refusal = (errorCode: number): Refusal => ({ result: 1, errorCode, errorMessage: 'said the server' })
const because = (reason: ErrorCode, reasonParams?: Record<string, unknown>): Refusal => ({
  ...refusal(10),
  reason,
  ...(reasonParams && { reasonParams }),
})

afterEach(() => speak('en'))

describe('what a refusal says to a person', () => {
  it.each([-2, -1, ...Array.from({ length: 22 }, (_, index) => index + 1), 100, 999])(
    'code %d is a sentence that says what to do or what became of it',
    code => {
      const sentence = sentenceOf(refusal(code))
      expect(sentence.split('. ').length).toBeGreaterThan(0)
      expect(sentence).toMatch(/^[A-Z].*\.$/)
      expect(sentence).not.toContain('said the server')
    },
  )

  it('knows a lost engine from a refusal and a time-out from a no', () => {
    const sentences = new Set([-1, 7, 11, 15].map(code => sentenceOf(refusal(code))))
    expect(sentences.size).toBe(4)
  })

  it('keeps the server’s words for those who ask for the detail', () => {
    expect(detailOf(refusal(10))).toBe('Code 10: said the server')
    expect(detailOf(because('file.unknown'))).toBe('Code 10: said the server')
  })

  it('goes by the reason rather than by the number, in each language', () => {
    expect(sentenceOf(because('printer.offline'))).toBe(en.reason.printer.offline)
    speak('de')
    expect(sentenceOf(because('printer.offline'))).toBe(de.reason.printer.offline)
    speak('ja')
    expect(sentenceOf(because('printer.offline'))).toBe(ja.reason.printer.offline)
  })

  it('names what the reason is about where that is told', () => {
    speak('de')
    expect(sentenceOf(because('request.invalid', { name: 'feed' }))).toContain('„feed“')
    expect(sentenceOf(because('printer.refused', { said: 'Must home {x} first' }))).toContain(
      '„Must home {x} first“',
    )
  })

  it.each([undefined, {}, { name: '' }, { name: 7 }, { other: 'feed' }])(
    'leaves no hole where it is not told what the reason is about: %j',
    params => {
      expect(sentenceOf(because('request.invalid', params))).toBe(en.reason.request.invalid)
    },
  )

  it('shows no English in another language where the reason has words there', () => {
    speak('de')
    expect(detailOf(because('file.unknown'))).toBe('Code 10: file.unknown')
    expect(wordsOf(because('file.unknown'))).toBe(de.reason.file.unknown)
    speak('en')
    expect(wordsOf(because('file.unknown'))).toBe(`${en.reason.file.unknown} said the server`)
  })

  it('falls back to number and message where the reason has no words or is none of ours', () => {
    speak('de')
    const byNumber = sentenceOf(refusal(10))
    for (const reason of ['config.invalid', 'printer.on-fire', 'constructor', undefined]) {
      const odd = { ...refusal(10), reason } as Refusal
      expect([sentenceOf(odd), detailOf(odd)]).toEqual([byNumber, 'Code 10: said the server'])
      expect(wordsOf(odd)).toBe(`${byNumber} said the server`)
      expect(whyFailed(odd)).toBe('said the server')
    }
  })

  it('lets a plug-in of somebody else’s speak for itself in every language', () => {
    speak('ja')
    expect(detailOf(because('plugin.refused'))).toBe('コード 10: said the server')
    expect(wordsOf(because('plugin.refused'))).toBe(`${ja.reason.plugin.refused} said the server`)
  })

  it('says why one of several failed by its reason', () => {
    speak('de')
    expect(whyFailed({ errorMessage: 'It is away.', reason: 'printer.offline' })).toBe(
      de.reason.printer.offline,
    )
  })
})

function flatten(tree: object, prefix = ''): [string, string][] {
  return Object.entries(tree).flatMap(([key, value]) =>
    typeof value === 'string'
      ? [[prefix + key, value] as [string, string]]
      : flatten(value, `${prefix}${key}.`),
  )
}
const holesOf = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name)
const endOfSentence = /[.。”“」]$/

describe.each([
  ['English', en],
  ['German', de],
  ['Japanese', ja],
])('the reasons in %s', (_name, { reason, reasonAbout }) => {
  it('are those that reach a page, every one of them and no other', () => {
    const codes = Object.keys(errorCodes).filter(
      code => !(terminalReasons as readonly string[]).includes(code),
    )
    expect(
      flatten(reason)
        .map(([code]) => code)
        .sort(),
    ).toEqual(codes.sort())
    expect(codes.every(isPageReason)).toBe(true)
    expect(terminalReasons.some(isPageReason)).toBe(false)
  })

  it('are whole sentences, which need nothing filled in', () => {
    const odd = flatten(reason).filter(([, text]) => holesOf(text).length > 0 || !endOfSentence.test(text))
    expect(odd).toEqual([])
  })

  it('name only what their code tells a page', () => {
    const odd = flatten(reasonAbout).filter(([code, text]) => {
      if (!isErrorCode(code) || !endOfSentence.test(text)) return true
      const holes = holesOf(text)
      return holes.length !== 1 || holes.some(hole => !(hole in toldDetails(code, { [hole]: 'x' })))
    })
    expect(odd).toEqual([])
  })

  it('fill in what is told', () => {
    for (const [code, text] of flatten(reasonAbout)) {
      const [hole = ''] = holesOf(text)
      if (isErrorCode(code)) expect(sentenceOf(because(code, { [hole]: 'x-1' }))).toContain('x-1')
    }
  })
})
