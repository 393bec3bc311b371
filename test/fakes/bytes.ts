import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import type { Uploads } from '../../src/main/files/index.ts'
import type { Gateway } from '../../src/main/gotapi/index.ts'
import type { Bytes } from '../../src/main/handlers/bytes.ts'

/** The whole of it, as a reader gets it. */
export const contentOf = (bytes: Bytes): Promise<Buffer> => buffer(bytes.read(0, bytes.receivedBytes))

/** Hands all bytes of an upload over, as its owner does. */
export async function fillUpload(
  uploads: Uploads,
  owner: string,
  id: unknown,
  content: string,
): Promise<void> {
  await uploads.bytes(owner, String(id)).append?.(Readable.from([Buffer.from(content)]))
}

/** What lies at an address of the byte channel, got with a token of this origin. */
export async function readBytes(
  gateway: Gateway,
  path: unknown,
  { token, origin }: { readonly token: string; readonly origin: string },
): Promise<Buffer> {
  const answer = await gateway.bytes({
    method: 'GET',
    path: String(path).replace('/bytes/', ''),
    headers: {},
    body: undefined,
    token,
    origin: { origin },
    via: 'inside',
  })
  if (typeof answer.body !== 'object') throw new Error(`${answer.status}: ${answer.body}`)
  return buffer(answer.body)
}
