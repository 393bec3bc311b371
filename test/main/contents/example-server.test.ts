import { symlinkSync, unlinkSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { createFakeClock, type FakeClock } from '../../fakes/clock.ts'
import { anna, askServer, cube, startContentsServer, type TestServer } from './start-server.ts'

// Passwords cost what they should.
vi.setConfig({ testTimeout: 30_000 })

let clock: FakeClock
let server: TestServer
beforeEach(async () => {
  clock = createFakeClock()
  server = await startContentsServer(clock)
})

const who = { serviceId: 'p1.printer3d', accessToken: 'derived' }
const ask = (path: string, options: Parameters<typeof askServer>[2] = {}) =>
  askServer(server.url, path, options)
const word = async (answer: ReturnType<typeof ask>) => {
  const { status, json } = await answer
  return [status, json.error]
}
async function logIn(): Promise<string> {
  return String((await ask('login', { method: 'POST', body: anna })).json.session)
}
async function tokenFor(serviceId = who.serviceId): Promise<string> {
  const body = { ...who, serviceId }
  return String((await ask('token', { method: 'POST', bearer: await logIn(), body })).json.secureToken)
}
const select = (bearer: string, name = 'cube.gcode') =>
  ask('selection', { method: 'PUT', bearer, body: { name } })
const redeem = (secureToken: string, serviceId = who.serviceId) =>
  ask('redeem', { method: 'POST', body: { ...who, serviceId, secureToken } })

describe('the example contents server', () => {
  it('gotapi 96: gives nothing without a token, and with it exactly the selected file', async () => {
    expect(await word(ask('files'))).toEqual([401, 'token-unknown'])
    expect(await word(ask('files/cube.gcode'))).toEqual([401, 'token-unknown'])
    expect(await word(redeem('no-such-token'))).toEqual([401, 'token-unknown'])
    const token = await tokenFor()
    expect((await ask('files', { bearer: token })).json.files).toMatchObject([
      { name: 'cube.gcode', sizeBytes: cube.length },
      { name: 'model.stl' },
      { name: 'other.gcode' },
    ])
    expect((await select(token)).json).toMatchObject({ name: 'cube.gcode' })
    const redeemed = (await redeem(token)).json
    expect(redeemed).toMatchObject({ serviceId: who.serviceId, order: 0, msg: 'Good Start' })
    expect((await ask(String(redeemed.uri), { bearer: token })).text).toBe(cube)
  })

  it('gotapi 96: refuses a token that is used, past its time, or for another file or printer', async () => {
    const used = await tokenFor()
    await select(used)
    const { uri } = (await redeem(used)).json
    expect(await word(redeem(used))).toEqual([409, 'token-used'])
    expect(await word(ask('files/other.gcode', { bearer: used }))).toEqual([403, 'token-other'])
    expect(await word(select(used, 'other.gcode'))).toEqual([409, 'token-used'])
    await ask(String(uri), { bearer: used })
    await vi.waitFor(() => expect(server.said).toContain('cube.gcode was fetched'))
    expect(await word(ask(String(uri), { bearer: used }))).toEqual([409, 'token-used'])

    const another = await tokenFor('p2.printer3d')
    await select(another)
    expect(await word(redeem(another))).toEqual([403, 'token-other'])
    expect(await word(ask('files/cube.gcode', { bearer: another }))).toEqual([403, 'token-other'])

    const late = await tokenFor()
    await select(late)
    await clock.advance(10 * 60_000)
    expect(await word(redeem(late))).toEqual([410, 'token-expired'])
    expect(await word(redeem(await tokenFor()))).toEqual([409, 'nothing-selected'])
  })

  it('lets nobody in with a wrong password, and slows down who guesses', async () => {
    const guess = (body: unknown) => word(ask('login', { method: 'POST', body }))
    expect(await guess({ user: 'anna', password: 'wrong' })).toEqual([401, 'login-wrong'])
    expect(await guess({ user: 'constructor', password: 'x' })).toEqual([401, 'login-wrong'])
    for (let tries = 0; tries < 4; tries++) await guess({ user: 'anna', password: 'wrong' })
    expect(await guess(anna)).toEqual([429, 'too-often'])
    await clock.advance(60_000)
    expect((await ask('login', { method: 'POST', body: anna })).status).toBe(200)
  })

  it('issues tokens to a session only, until it is ended', async () => {
    expect(await word(ask('token', { method: 'POST', body: who }))).toEqual([401, 'session-unknown'])
    const session = await logIn()
    expect((await ask('login', { method: 'DELETE', bearer: session })).status).toBe(204)
    expect(await word(ask('token', { method: 'POST', bearer: session, body: who }))).toEqual([
      401,
      'session-unknown',
    ])
    const open = await startContentsServer(clock, { open: true })
    expect((await askServer(open.url, 'token', { method: 'POST', body: who })).status).toBe(200)
  })

  it('never leaves its folder', async () => {
    symlinkSync('/etc/hostname', join(server.folder, 'link.gcode'))
    writeFileSync(join(server.folder, '.hidden.gcode'), '')
    const token = await tokenFor()
    for (const name of ['../users.json', '/etc/hostname', 'link.gcode', '.hidden.gcode', 'a\u0000b', '..']) {
      expect([name, ...(await word(select(token, name)))]).toEqual([name, 404, 'not-found'])
    }
    expect((await ask('files', { bearer: token })).text).not.toMatch(/link|hidden/)
  })

  it('says what is wrong with a request, and never more than its limits', async () => {
    const post = (body: unknown) => word(ask('login', { method: 'POST', body }))
    expect(await post([])).toEqual([400, 'request-invalid'])
    expect(await post({ user: 5 })).toEqual([400, 'request-invalid'])
    expect(await post({ user: 'x'.repeat(501), password: 'y' })).toEqual([400, 'request-invalid'])
    expect(await word(ask('nothing'))).toEqual([404, 'not-found'])
    expect(await word(ask('files/%zz', { bearer: 'x' }))).toEqual([401, 'token-unknown'])
    const large = await new Promise<number>(resolve => {
      const wire = request(`${server.url}/login`, { method: 'POST' }, reply => {
        resolve(reply.statusCode ?? 0)
        reply.resume()
      })
      wire.on('error', () => {})
      wire.end('x'.repeat(100_000))
    })
    expect(large).toBe(413)
  })

  it('does not hand out a file that was changed after it was selected', async () => {
    const token = await tokenFor()
    await select(token)
    const { uri } = (await redeem(token)).json
    unlinkSync(join(server.folder, 'cube.gcode'))
    expect(await word(ask(String(uri), { bearer: token }))).toEqual([404, 'not-found'])
  })

  it('tells what happens without a secret in it', async () => {
    const token = await tokenFor()
    await select(token)
    await redeem(token)
    expect(server.said).toEqual([
      'anna logged in',
      'a token was issued to anna',
      'cube.gcode goes to p1.printer3d',
    ])
  })
})
