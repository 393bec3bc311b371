import { describe, expect, it } from 'vitest'
import { detailOf, sentenceOf } from '../../../src/renderer/api/errors.ts'
import { speak } from '../../../src/renderer/i18n/index.ts'

const refusal = (errorCode: number) => ({ result: 1, errorCode, errorMessage: 'said the server' }) as const

describe('what a refusal says to a person', () => {
  it.each([-2, -1, ...Array.from({ length: 22 }, (_, index) => index + 1), 100, 999])(
    'code %d is a sentence that says what to do or what became of it',
    code => {
      speak('en')
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
  })
})
