import { describe, expect, it } from 'vitest'
import { callChannel, followChannel } from '../../src/main/contract/bridge-wire.ts'
import { createPageBridge } from '../../src/preload/page-bridge.ts'

function setUp() {
  const invoked: unknown[] = []
  const ports: MessagePort[] = []
  const wire = {
    async invoke(channel: string, request: unknown) {
      invoked.push([channel, structuredClone(request)])
      return { result: 0 }
    },
    postMessage(channel: string, request: unknown, transfer: MessagePort[]) {
      invoked.push([channel, request])
      ports.push(...transfer)
    },
  }
  const port = () => {
    const last = ports.at(-1)
    if (!last) throw new Error('nothing was followed')
    return last
  }
  return { invoked, port, bridge: createPageBridge(wire) }
}

/** Messages between two ends of a port arrive later; closing one end tells the other. */
const heard = (seen: unknown[], count: number) => expect.poll(() => seen.length).toBe(count)

describe('window.gantry', () => {
  it('is two functions, and stays so', () => {
    const { bridge } = setUp()
    expect(Object.keys(bridge)).toEqual(['call', 'subscribe'])
    expect(Object.isFrozen(bridge)).toBe(true)
  })

  it('adds nothing to a call but the wire', async () => {
    const { bridge, invoked } = setUp()
    expect(await bridge.call('GET system', { a: 1 })).toEqual({ result: 0 })
    expect(invoked).toEqual([[callChannel, { route: 'GET system', params: { a: 1 } }]])
  })

  it('answers with a refusal where a value cannot be sent at all', async () => {
    const { bridge } = setUp()
    expect(await bridge.call('GET system', { run: () => 1 })).toMatchObject({
      result: 1,
      errorCode: 10,
      reason: 'request.invalid',
    })
  })

  it('hands events to the listener until it is told to stop', async () => {
    const { bridge, invoked, port } = setUp()
    const seen: unknown[] = []
    const stop = bridge.subscribe('EVENT x', {}, frame => seen.push(frame))
    expect(invoked).toEqual([[followChannel, { route: 'EVENT x', params: {} }]])
    port().postMessage({ kind: 'event', frame: { n: 1 } })
    await heard(seen, 1)
    const closed = new Promise(resolve => port().addEventListener('close', resolve))
    stop()
    await closed
    expect(seen).toEqual([{ n: 1 }])
  })

  it('tells once that nothing will come, and closes the line', async () => {
    const { bridge, port } = setUp()
    const refusals: unknown[] = []
    bridge.subscribe(
      'EVENT x',
      {},
      () => {},
      answer => refusals.push(answer),
    )
    const closed = new Promise(resolve => port().addEventListener('close', resolve))
    port().postMessage({ kind: 'refused', answer: { result: 1, errorCode: 2 } })
    await heard(refusals, 1)
    await closed
    expect(refusals).toEqual([{ result: 1, errorCode: 2 }])
  })
})
