import { existsSync, readdirSync } from 'node:fs'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { until } from '../printers/driver-kit.ts'
import { type ContentsBench, createContentsBench, paced } from './bench.ts'

vi.setConfig({ testTimeout: 30_000 })

let bench: ContentsBench
let url: string
/** Answers the server has not given yet, by what was asked for. */
let waiting: Map<string, ServerResponse>
let asked: string[]

/** A contents server that says what it is and keeps everybody waiting for the rest. */
beforeEach(async () => {
  bench = await createContentsBench()
  waiting = new Map()
  asked = []
  const server = createServer((request, reply) => {
    const path = request.url ?? ''
    asked.push(path)
    if (path === '/about') reply.end(JSON.stringify({ contentsServer: 1, name: 'Slow', login: 'none' }))
    else waiting.set(path, reply)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  await bench.add(url)
})

const print = () => bench.begin('PUT', 'print', { secureToken: 'slow-token', url })
const answer = async (path: string): Promise<ServerResponse> => {
  await until(bench.clock, `${path} is asked for`, () => waiting.has(path))
  const reply = waiting.get(path)
  if (!reply) throw new Error(`Nobody asked for ${path}.`)
  return reply
}
const redeem = async () => {
  const told = { serviceId: bench.serviceId, order: 0, uri: 'files/cube.gcode', name: 'cube.gcode' }
  const reply = await answer('/redeem')
  reply.end(JSON.stringify({ ...told, msg: '', sizeBytes: 1_000 }))
}
const leftovers = () => (existsSync(bench.downloads) ? readdirSync(bench.downloads) : [])

describe('contents that drain', () => {
  it('call off a file on its way, and are drained when nothing of it is left', async () => {
    const { contents, clock, id, sim } = bench
    const printing = print()
    await redeem()
    const reply = await answer('/files/cube.gcode')
    reply.writeHead(200, { 'content-length': '1000' })
    reply.write('G'.repeat(400))
    await until(clock, 'some of it is there', () => leftovers().length === 1)
    await paced(clock, contents.drain())
    expect([leftovers(), contents.pending(id)]).toEqual([[], []])
    expect(await paced(clock, printing)).toMatchObject({ result: 1 })
    expect(sim.state().machine).toBe('idle')
  })

  it('begin no download whose token was still being asked about', async () => {
    const { contents, clock, id } = bench
    const printing = print()
    await answer('/redeem')
    await paced(clock, contents.drain())
    await redeem()
    expect(await paced(clock, printing)).toMatchObject({ result: 1 })
    expect([asked.includes('/files/cube.gcode'), contents.pending(id)]).toEqual([false, []])
  })

  it('take no order any more', async () => {
    const { contents, clock } = bench
    await paced(clock, contents.drain())
    expect(await paced(clock, print())).toMatchObject({ result: 1 })
    expect(asked).not.toContain('/redeem')
  })
})
