import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { createContentsBench } from '../contents/bench.ts'
import { cube, startContentsServer } from '../contents/start-server.ts'

vi.setConfig({ testTimeout: 30_000 })

interface Exchange {
  readonly call: string
  readonly sent: { readonly type: string; readonly text: string }
  readonly got: { readonly type: string; readonly text: string }
}

/** Stands between Gantry and a contents server and writes down what goes to and fro. */
async function startListener(target: string) {
  const heard: Exchange[] = []
  const server = createServer((asked, answer) => {
    const sent: Buffer[] = []
    const { method = '', url = '', headers } = asked
    const onward = request(new URL(url, target), { method, headers, agent: false }, reply => {
      const got: Buffer[] = []
      answer.writeHead(reply.statusCode ?? 502, reply.headers)
      reply.on('data', (piece: Buffer) => got.push(piece))
      reply.on('end', () => {
        heard.push({
          call: `${method} ${url}`,
          sent: { type: headers['content-type'] ?? '', text: Buffer.concat(sent).toString() },
          got: { type: reply.headers['content-type'] ?? '', text: Buffer.concat(got).toString() },
        })
        answer.end(Buffer.concat(got))
      })
    })
    asked.on('data', (piece: Buffer) => {
      sent.push(piece)
      onward.write(piece)
    })
    asked.on('end', () => onward.end())
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const of = (call: string) => {
    const found = heard.find(each => each.call === call)
    if (!found) throw new Error(`${call} was not heard among ${heard.map(each => each.call).join(', ')}`)
    return found
  }
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, of }
}

describe('3DP-1, 3DP-2 and 3DP-3 on the wire', () => {
  it.each([
    ['by the plug-in', false],
    ['by a printer that fetches itself', true],
  ])('gotapi 121: the contents server is asked over HTTP, in JSON: %s', async (_, fetches) => {
    const { add, choose, good, clock, serviceId, sim, peer } = await createContentsBench({ fetches })
    const listener = await startListener((await startContentsServer(clock, { open: true })).url)
    await add(listener.url)
    const secureToken = await choose(listener.url)
    await good('PUT', 'print', { secureToken, url: listener.url })
    expect(sim.state().files.find(({ path }) => path === 'cube.gcode')?.sizeBytes).toBe(cube.length)

    for (const call of ['POST /token', 'POST /redeem']) {
      const { sent, got } = listener.of(call)
      for (const { type, text } of [sent, got]) {
        expect(type).toMatch(/^application\/json\b/)
        expect(JSON.parse(text)).toMatchObject({ serviceId, nonce: expect.any(String) })
      }
    }
    // 3DP-1 comes over the printer's WebSocket, as JSON-RPC; a printer that knows nothing of it has the plug-in.
    expect(peer.agent?.tokens.map(token => token.secureToken) ?? []).toEqual(fetches ? [secureToken] : [])
  })
})
