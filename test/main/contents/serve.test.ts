import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { expect, it, onTestFinished } from 'vitest'
import { makeTempDir } from '../../fakes/temp-dir.ts'
import { askServer } from './start-server.ts'

const program = resolve(import.meta.dirname, '../../../examples/contents-server/serve.mjs')

it('the example is run as its page says: a user, a folder, an address', { timeout: 30_000 }, async () => {
  const cwd = makeTempDir()
  mkdirSync(join(cwd, 'files'))
  const adding = execFile(process.execPath, [program, 'add-user', 'anna'], { cwd })
  adding.stdin?.end('a long enough secret\n')
  await once(adding, 'close')
  expect(adding.exitCode).toBe(0)
  const users = readFileSync(join(cwd, 'users.json'), 'utf8')
  expect(users).toMatch(/"anna": "scrypt:/)
  expect(users).not.toContain('a long enough secret')

  const server = spawn(process.execPath, [program, '--port', '0', '--name', 'Shelf'], { cwd })
  onTestFinished(async () => {
    const ended = once(server, 'close')
    server.kill()
    await ended
  })
  const [line] = await once(createInterface({ input: server.stdout }), 'line')
  const url = /^Shelf: (http:\/\/127\.0\.0\.1:\d+)$/.exec(line)?.[1] ?? ''
  expect((await askServer(url, 'about')).json).toEqual({
    contentsServer: 1,
    name: 'Shelf',
    login: 'password',
  })
  const body = { user: 'anna', password: 'a long enough secret' }
  expect((await askServer(url, 'login', { method: 'POST', body })).status).toBe(200)
})
