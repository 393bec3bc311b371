import type { SimPrinter } from './sim-printer.ts'

/** What a printer is handed with 3DP-1. */
export interface HandedToken {
  readonly url: string
  readonly serviceId: string
  readonly accessToken: string
  readonly secureToken: string
  readonly nonce: string
}

/** A printer that fetches from contents servers by itself, as docs/contents-server.md has it. */
export interface ContentsAgent {
  /** Every token it was handed, in order. */
  readonly tokens: readonly HandedToken[]
  take(params: Readonly<Record<string, unknown>>): Promise<Readonly<Record<string, unknown>>>
}

const quietMs = 10_000
const largestBytes = 50_000_000

export function createContentsAgent(sim: SimPrinter): ContentsAgent {
  const tokens: HandedToken[] = []

  const ask = (url: URL, init: RequestInit) =>
    fetch(url, { ...init, redirect: 'error', signal: AbortSignal.timeout(quietMs) })

  return {
    tokens,
    async take(params) {
      const text = (name: string) => String(params[name] ?? '')
      const token = {
        url: text('url'),
        serviceId: text('serviceId'),
        accessToken: text('accessToken'),
        secureToken: text('secureToken'),
        nonce: text('nonce'),
      }
      tokens.push(token)
      const { url, ...body } = token
      const headers = { 'content-type': 'application/json', connection: 'close' }
      const redeemed = await ask(new URL('redeem', url), {
        method: 'POST',
        headers,
        body: JSON.stringify(body),
      })
      const told = (await redeemed.json()) as Record<string, unknown>
      if (!redeemed.ok) return { error: String(told.error) }
      const uri = String(told.uri)
      const reply = await ask(new URL(uri), {
        headers: { authorization: `Bearer ${token.secureToken}`, connection: 'close' },
      })
      const content = await reply.text()
      if (!reply.ok || content.length > largestBytes) return { error: 'not-found' }
      const path = String(told.name)
      sim.addFile(path, content)
      sim.act({ kind: 'start', path })
      return { serviceId: token.serviceId, uri, nonce: token.nonce }
    },
  }
}
