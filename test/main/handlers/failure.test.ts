import { describe, expect, it } from 'vitest'
import { type ErrorCode, errorCodes, GantryError } from '../../../src/main/contract/error.ts'
import { statusOf } from '../../../src/main/gotapi/protocol/envelope.ts'
import { failureOf, numberOf } from '../../../src/main/handlers/failure.ts'
import { refusalOf, refuse } from '../../../src/main/handlers/outcome.ts'

const codes = Object.keys(errorCodes) as ErrorCode[]
const noMistake = () => {
  throw new Error('not a mistake')
}

describe('a refusal as it is told', () => {
  it.each(codes)('%s has a number of gotapi 3.5 and a status that is no success', code => {
    const refusal = refuse(code, 'No.')
    expect(numberOf(refusal)).toBeGreaterThanOrEqual(1)
    expect(numberOf(refusal)).toBeLessThanOrEqual(22)
    expect(statusOf(refusal)).toBeGreaterThanOrEqual(400)
    expect(failureOf(refusal)).toEqual({ errorCode: numberOf(refusal), errorMessage: 'No.', reason: code })
  })

  it.each([
    ['request.unknown-profile', 2, 404],
    ['request.wrong-method', 3, 405],
    ['request.unknown-route', 4, 404],
    ['service.missing', 5, 400],
    ['service.unknown', 6, 404],
    ['printer.unknown', 6, 404],
    ['request.invalid', 10, 400],
    ['auth.denied', 11, 403],
    ['auth.token-expired', 12, 403],
    ['auth.token-missing', 13, 403],
    ['auth.scope-missing', 14, 403],
    ['auth.token-unknown', 15, 401],
    ['printer.busy', 16, 409],
    ['auth.origin', 18, 403],
    ['request.bad-address', 19, 400],
    ['request.reserved-name', 20, 400],
    ['plugin.disabled', 21, 503],
    ['auth.too-often', 17, 429],
    ['request.too-large', 1, 413],
    ['request.too-late', 7, 408],
    ['internal.bug', 1, 500],
  ] as const)('gotapi 3.5: %s is %i, and %i over HTTP', (code, number, status) => {
    const refusal = refuse(code, 'No.')
    expect([numberOf(refusal), statusOf(refusal)]).toEqual([number, status])
  })

  it('gotapi 48: the number of somebody else’s plug-in stands as it said it', () => {
    const refusal = refuse('plugin.refused', 'No paper.', { number: 4_711 })
    expect([numberOf(refusal), statusOf(refusal)]).toEqual([4_711, 400])
    expect(failureOf(refusal)).toEqual({
      errorCode: 4_711,
      errorMessage: 'No paper.',
      reason: 'plugin.refused',
    })
  })

  it('a number among the parameters of any other code changes nothing', () => {
    expect(numberOf(refuse('printer.busy', 'No.', { number: 4_711 }))).toBe(16)
  })

  it('says what its code allows and nothing more: details may hold a path or an address', () => {
    const details = { name: 'percent', path: '/home/anna', host: '192.168.1.7' }
    expect(failureOf(refuse('request.invalid', 'No.', details)).reasonParams).toEqual({ name: 'percent' })
    expect(failureOf(refuse('printer.offline', 'No.', details))).not.toHaveProperty('reasonParams')
  })

  it('says plain and short data only', () => {
    const paramsOf = (name: unknown) => failureOf(refuse('request.invalid', 'No.', { name })).reasonParams
    expect(paramsOf({ deep: true })).toBeUndefined()
    expect(paramsOf(['a'])).toBeUndefined()
    expect(String(paramsOf('x'.repeat(5_000))?.name)).toHaveLength(200)
    expect(paramsOf(7)).toEqual({ name: 7 })
    expect(paramsOf(false)).toEqual({ name: false })
  })
})

describe('what was thrown', () => {
  it('is a refusal with its own code, words and details', () => {
    const refusal = refusalOf(new GantryError('printer.busy', 'It prints.', { job: 'cube' }), noMistake)
    expect(refusal).toEqual({
      result: 1,
      code: 'printer.busy',
      message: 'It prints.',
      params: { job: 'cube' },
    })
  })

  it('by a mistake of ours says nothing of what it was, and somebody hears of it', () => {
    const mistakes: GantryError[] = []
    const refusal = refusalOf(new TypeError('secret of /home/anna'), error => mistakes.push(error))
    expect(JSON.stringify(refusal)).not.toContain('secret')
    expect(refusal.code).toBe('internal.bug')
    expect(mistakes.map(({ message }) => message)).toEqual(['secret of /home/anna'])
  })
})
