import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { createContentsServer } from '../../../examples/contents-server/contents-server.mjs'
import { hashPassword } from '../../../examples/contents-server/passwords.mjs'
import type { FakeClock } from '../../fakes/clock.ts'
import { makeTempDir } from '../../fakes/temp-dir.ts'

export const anna = { user: 'anna', password: 'a long enough secret' }
export const cube = ';TIME:60\n;LAYER_COUNT:12\nG28\n'
let annasHash: Promise<string> | undefined

export interface TestServer {
  readonly url: string
  readonly folder: string
  readonly said: string[]
  close(): Promise<void>
}

/** The example server with a folder of its own, on the test's clock. */
export async function startContentsServer(
  clock: Pick<FakeClock, 'now'>,
  options: {
    readonly open?: boolean
    readonly name?: string
    readonly tls?: { cert: string; key: string }
  } = {},
): Promise<TestServer> {
  annasHash ??= hashPassword(anna.password)
  const users: Record<string, string> = options.open ? {} : { anna: await annasHash }
  const folder = join(makeTempDir(), 'files')
  mkdirSync(folder)
  writeFileSync(join(folder, 'cube.gcode'), cube)
  writeFileSync(join(folder, 'other.gcode'), ';TIME:90\n')
  writeFileSync(join(folder, 'model.stl'), 'solid')
  const said: string[] = []
  const server = createContentsServer({
    folder,
    users,
    name: options.name ?? 'Models',
    now: clock.now,
    say: what => said.push(what),
    ...(options.tls && { tls: options.tls }),
  })
  const url = await server.listen(0)
  let closed = false
  const close = async () => {
    if (closed) return
    closed = true
    await server.close()
  }
  onTestFinished(close)
  return { url, folder, said, close }
}

/** The application's own calls to the server (ER 7.2.4, label 5 and 6): what it does with a token. */
export async function askServer(
  url: string,
  path: string,
  options: { readonly method?: string; readonly bearer?: string; readonly body?: unknown } = {},
): Promise<{ status: number; text: string; json: Record<string, unknown> }> {
  const { method = 'GET', bearer, body } = options
  const reply = await fetch(path.startsWith('http') ? path : `${url}/${path}`, {
    method,
    headers: { ...(bearer && { authorization: `Bearer ${bearer}` }), connection: 'close' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  const text = await reply.text()
  const json = reply.headers.get('content-type')?.startsWith('application/json') ? JSON.parse(text) : {}
  return { status: reply.status, text, json }
}
