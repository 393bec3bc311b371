import { describe, expect, it } from 'vitest'
import { answers, follows } from '../../../src/main/handlers/handler.ts'
import { ownCall } from '../../fakes/handlers.ts'

describe('what answers a route', () => {
  it('is given its parameters as the route means them, with defaults, and nothing else', () => {
    const given: unknown[] = []
    const handler = answers('GET printerhistory/temperatures', (params, { serviceId }) => {
      given.push(params, serviceId)
      return { series: [] }
    })
    const text = { from: '12', accessToken: 'secret', nonce: 'ab', unknown: 'x' }
    expect(handler.answer(text, { ...ownCall, serviceId: 'p1' })).toEqual({ series: [] })
    expect(given).toEqual([{ from: 12, points: 600 }, 'p1'])
  })

  it('is not asked with parameters that make no sense; the refusal names the one', () => {
    const handler = answers('POST printercontrol/fan', () => {
      throw new Error('asked')
    })
    const ask = (text: Record<string, string>) => () => handler.answer(text, ownCall)
    for (const text of [{}, { percent: 'fast' }, { percent: '101' }]) {
      expect(ask(text)).toThrow(
        expect.objectContaining({ code: 'request.invalid', details: { name: 'percent' } }),
      )
    }
  })

  it('that tells events is held to its parameters in the same way', () => {
    const handler = follows('EVENT 3dprinter/status', ({ interval }, _call, emit) => {
      emit({ interval } as never)
      return () => {}
    })
    const told: unknown[] = []
    void handler.follow({ interval: '500' }, ownCall, payload => told.push(payload))
    expect(told).toEqual([{ interval: 500 }])
    expect(() => handler.follow({ interval: '1' }, ownCall, () => {})).toThrow(/parameter interval/)
  })
})
