import { beforeEach, describe, expect, it } from 'vitest'
import { createResultCheck, type Untruth } from '../../../src/main/gotapi/calls/result-check.ts'
import { answers, type CallHandler, type EventHandler } from '../../../src/main/handlers/handler.ts'
import { refuse } from '../../../src/main/handlers/outcome.ts'
import type { ServiceCall } from '../../../src/main/plugin-host/index.ts'
import { callHandler, eventHandler, followAlone, ownCall } from '../../fakes/handlers.ts'
import { createFakeServices, printerId } from '../../fakes/services.ts'

const caller = { id: 'c1', origin: 'http://app.example.test', name: 'App', isOwner: false }
const call = { action: 'GET', caller, serviceId: printerId, profile: '3dprinter', params: {} } as const
const queue = [{ order: 0, uri: 'printer:/cube', msg: 'Good Start', status: 'Printing' }]

let untruths: Untruth[]
const check = createResultCheck(untruth => untruths.push(untruth))
beforeEach(() => {
  untruths = []
})

const asked = (handler: CallHandler) =>
  callHandler([check.handler(handler)], handler.route).answer({}, ownCall)
const followed = (handler: EventHandler) =>
  followAlone(eventHandler([check.handler(handler)], handler.route), () => {})

describe('An answer of our own', () => {
  it('as documented passes as it is, and nothing is said', () => {
    expect(asked(answers('GET apps/keyword', () => ({ keyword: 'heron' })))).toEqual({ keyword: 'heron' })
    expect(untruths).toEqual([])
  })

  it.each([
    ['lacks what was promised', {}, /keyword: .*undefined/],
    ['is of another form', { keyword: 7 }, /keyword: .*string/],
    [
      'tells more than is documented',
      { keyword: 'heron', secret: 'x' },
      /secret: is told but not documented/,
    ],
  ])('that %s is reported by place, not by value', async (_what, told, fault) => {
    await asked({ kind: 'call', route: 'GET apps/keyword', answer: async () => told })
    expect(untruths).toEqual([{ route: 'GET apps/keyword', faults: [expect.stringMatching(fault)] }])
  })

  it('that a reader would take for something else is reported, however deep', async () => {
    await followed({
      kind: 'event',
      route: 'EVENT approvals',
      follow(_text, _call, emit) {
        emit({ approvals: [{ id: 1, kind: 'access' }] })
        return () => {}
      },
    })
    expect(untruths[0]?.faults.join()).toContain('approvals.0.id')
  })
})

describe('A service', () => {
  const ask = async (payload: Record<string, unknown>, more: Partial<ServiceCall>) => {
    const services = createFakeServices()
    services.answer = () => ({ result: 0, payload })
    await check.services(services).call({ ...call, ...more })
  }

  it('is held to the documented answer of a call, whatever case it was asked in', async () => {
    await ask({ queue }, { attribute: 'Queue' })
    expect(untruths).toEqual([])
    await ask({ queue: [{ order: 0 }] }, { attribute: 'Queue' })
    expect(untruths).toMatchObject([{ route: 'GET 3dprinter/queue' }])
  })

  it('may tell what it likes under a profile only it knows', async () => {
    await ask({ anything: true }, { serviceId: 'e1.echo', profile: 'echo', attribute: 'echo' })
    expect(untruths).toEqual([])
  })

  it('answers the PUT of what is followed with nothing, and keeps the payload for the frames', async () => {
    await ask({ queue }, { action: 'PUT', attribute: 'status', follows: true })
    expect(untruths).toEqual([{ route: 'EVENT 3dprinter/status', faults: ['PUT answers with queue'] }])
  })

  it('is held to the documented frame, and refusals are left alone', async () => {
    const services = createFakeServices()
    const heard: unknown[] = []
    const checked = check.services(services)
    checked.on('event', event => heard.push(event.payload))
    services.emit({ serviceId: printerId, profile: '3dprinter', attribute: 'status', payload: { queue } })
    expect(untruths).toMatchObject([{ route: 'EVENT 3dprinter/status' }])
    expect(heard).toEqual([{ queue }])
    services.answer = () => refuse('printer.busy', 'not now')
    await checked.call({ ...call, attribute: 'queue' })
    expect(untruths).toHaveLength(1)
  })
})
