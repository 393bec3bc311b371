import { createHmac, randomBytes } from 'node:crypto'
import { onTestFinished } from 'vitest'
import { WebSocket } from 'ws'
import type { Body } from './gotapi.ts'

/** How the two kinds of GotAPI clients in the field call, request for request. */
interface Place {
  readonly url: string
  readonly origin: string
}

type Params = Record<string, string>

/** Any 2xx whose hmac is right is success; everything else is not. The key counts as text. */
export async function callLikeNodeGotapi(
  { url, origin, key }: Place & { readonly key: string },
  method: string,
  path: string,
  params: Params,
): Promise<Body> {
  const nonce = randomBytes(32).toString('hex')
  const fields = new URLSearchParams({ ...params, nonce })
  const inBody = method === 'PUT' || method === 'POST'
  const response = await fetch(`${url}/gotapi/${path}${inBody ? '' : `?${fields}`}`, {
    method,
    headers: { Origin: origin, ...(inBody && { 'Content-Type': 'application/x-www-form-urlencoded' }) },
    ...(inBody && { body: fields.toString() }),
  })
  const body = (await response.json()) as Body
  if (!response.ok) throw new Error(String(body.errorMessage))
  const hmac = createHmac('sha256', key).update(nonce).digest('hex')
  if (body.hmac !== hmac) throw new Error('The response is not trusted.')
  return body
}

/** It reads a body under status 200 only, and sends PUT and POST as multipart with the nonce in the query. */
export async function callLikeDeviceConnect(
  { url, origin }: Place,
  method: string,
  path: string,
  params: Params,
  nonce?: string,
): Promise<Body> {
  const inBody = method === 'PUT' || method === 'POST'
  const form = new FormData()
  if (inBody) for (const [name, value] of Object.entries(params)) form.append(name, value)
  const query = new URLSearchParams({ ...(inBody ? {} : params), ...(nonce !== undefined && { nonce }) })
  const response = await fetch(`${url}/gotapi/${path}?${query}`, {
    method,
    headers: { Origin: origin, 'X-GotAPI-Origin': origin },
    // A DELETE comes with an empty form.
    ...(method !== 'GET' && { body: form }),
  })
  if (response.status !== 200) throw new Error('-1')
  return (await response.json()) as Body
}

/** A text frame at a time; the first is taken for success whatever it says. */
export function followFrames({ url, origin }: Place, token: string) {
  const ws = new WebSocket(`${url.replace('http', 'ws')}/gotapi/websocket`, { origin })
  onTestFinished(() => ws.terminate())
  const frames: Body[] = []
  ws.on('message', data => frames.push(JSON.parse(String(data))))
  const first = new Promise<void>(resolve => ws.once('message', () => resolve()))
  const closed = new Promise<number>(resolve => ws.once('close', resolve))
  ws.on('open', () => ws.send(JSON.stringify({ accessToken: token })))
  return { frames, first, closed, ws }
}
