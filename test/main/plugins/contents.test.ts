import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { numberOf } from '../../../src/main/handlers/failure.ts'
import type { Outcome } from '../../../src/main/handlers/outcome.ts'
import { type ContentsBench, createContentsBench, paced } from '../contents/bench.ts'
import { anna, askServer, cube, startContentsServer } from '../contents/start-server.ts'
import { alice, bob } from '../plugin-host/start-host.ts'
import { until } from '../printers/driver-kit.ts'

vi.setConfig({ testTimeout: 30_000 })

let bench: ContentsBench
beforeEach(async () => {
  bench = await createContentsBench()
})
const code = (answer: Outcome) => (answer.result === 0 ? 0 : numberOf(answer))
const why = (answer: Outcome) => (answer.result === 0 ? '' : answer.message)

/** A server that is odd in one way: it speaks the contract up to what `odd` answers itself. */
async function oddServer(odd: RequestListener): Promise<string> {
  const server = createServer((request, reply) => {
    if (request.url === '/about') {
      reply.end(JSON.stringify({ contentsServer: 1, name: 'Odd', login: 'none' }))
    } else if (request.url === '/token') {
      const { serviceId } = bench
      reply.end(JSON.stringify({ serviceId, secureToken: 'odd-token', expire: bench.clock.now() + 600_000 }))
    } else odd(request, reply)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}
const redeemedAs = (more: Record<string, unknown>) =>
  JSON.stringify({
    serviceId: bench.serviceId,
    order: 0,
    uri: 'files/cube.gcode',
    msg: '',
    name: 'cube.gcode',
    sizeBytes: cube.length,
    ...more,
  })

describe('3dprinter/contents', () => {
  it('gotapi 95: the call connects to the contents server and brings its secure token', async () => {
    const { add, good, clock } = bench
    const server = await startContentsServer(clock, { open: true })
    await add(server.url)
    const { contents } = await good('GET', 'contents')
    expect(contents).toEqual([
      {
        url: `${server.url}/`,
        name: 'Models',
        secureToken: expect.stringMatching(/^[\w-]{43}$/),
        expire: clock.now() + 600_000,
        authenticated: true,
      },
    ])
    expect(server.said).toEqual(['a token was issued to anybody'])
  })

  it('gotapi 98: the answer holds the address of each server, and url asks for that one only', async () => {
    const { add, good, ask, clock } = bench
    const servers = [
      await startContentsServer(clock, { open: true }),
      await startContentsServer(clock, { open: true }),
    ]
    for (const { url } of servers) await add(url)
    const urls = (payload: Record<string, unknown>) =>
      (payload.contents as { url: string }[]).map(({ url }) => url)
    expect(urls(await good('GET', 'contents'))).toEqual(servers.map(({ url }) => `${url}/`))
    const [, second] = servers
    expect(urls(await good('GET', 'contents', { url: `${second?.url}/` }))).toEqual([`${second?.url}/`])
    expect(servers.map(({ said }) => said.length)).toEqual([1, 2])
    // What is relative to it is found by the rules of addresses.
    expect(new URL('files', `${second?.url}/`).href).toBe(`${second?.url}/files`)
    expect(code(await ask('GET', 'contents', { url: 'http://127.0.0.1:1/' }))).toBe(10)
    expect(code(await ask('GET', 'contents', { url: 'file:///etc' }))).toBe(10)
  })

  it('gotapi 115: the login window opens only when the server wants a login and no session holds, and never twice', async () => {
    const { add, ask, begin, type, openLogins, clock } = bench
    const open = await startContentsServer(clock, { open: true })
    await add(open.url)
    expect(code(await ask('GET', 'contents'))).toBe(0)
    expect(await openLogins()).toEqual([])
    const closed = await startContentsServer(clock)
    await add(closed.url)
    const url = `${closed.url}/`
    const both = [begin('GET', 'contents', { url }), begin('GET', 'contents', { url })]
    await clock.advance(50)
    expect(await openLogins()).toHaveLength(1)
    await type(anna)
    for (const asked of both) expect(code(await paced(clock, asked))).toBe(0)
    expect(code(await ask('GET', 'contents', { url }))).toBe(0)
    expect(await openLogins()).toEqual([])
  })

  it('gotapi 116: with its url and secure token the application lists the files at the contents server by itself', async () => {
    const { add, good, clock } = bench
    const server = await startContentsServer(clock, { open: true })
    await add(server.url)
    const [entry] = (await good('GET', 'contents')).contents as { url: string; secureToken: string }[]
    const at = String(entry?.url).replace(/\/$/, '')
    expect(
      (await askServer(at, 'files', { method: 'GET', bearer: String(entry?.secureToken) })).json,
    ).toMatchObject({
      files: [{ name: 'cube.gcode' }, { name: 'model.stl' }, { name: 'other.gcode' }],
    })
    expect((await askServer(at, 'files', { method: 'GET', bearer: 'made up' })).status).toBe(401)
  })

  it('gotapi 103: the plug-in’s own login window takes the credentials, and nothing of GotAPI carries them', async () => {
    const { add, begin, type, own, openLogins, clock, lines, store } = bench
    const server = await startContentsServer(clock)
    await add(server.url)
    const asked = begin('GET', 'contents')
    expect(await type({ ...anna, password: 'wrong' })).toEqual({ state: 'wrong' })
    const [login] = await openLogins()
    expect(login).toMatchObject({ problem: 'wrong', origin: 'http://alice.example.test' })
    expect(await type(anna)).toEqual({ state: 'signed-in' })
    const answer = await paced(clock, asked)
    expect(answer).toMatchObject({ result: 0, payload: { contents: [{ authenticated: true }] } })
    expect(await openLogins()).toEqual([])
    expect((await own('GET contents')).servers).toMatchObject([{ state: 'signed-in', user: 'anna' }])

    const rows = store.all('SELECT * FROM contents_server', [], { parse: JSON.stringify })
    const everything = JSON.stringify([answer, lines, rows, server.said])
    expect(everything).not.toContain(anna.password)
    expect(rows[0]).not.toMatch(/"session":\s*"\{/)
    // The session serves the next application without a question.
    expect(code(await bench.ask('GET', 'contents', {}, bob))).toBe(0)
  })

  it('gotapi 103: what the login window sends is sealed for one question and one attempt', async () => {
    const { add, begin, own, type, openLogins, clock } = bench
    await add((await startContentsServer(clock)).url)
    const asked = begin('GET', 'contents')
    await type({ ...anna, password: 'wrong' })
    const [login] = await openLogins()
    const { seal } = await import('../../../src/renderer/login/seal.ts')
    const sealed = await seal(JSON.stringify(anna), { id: 'another', publicKey: login?.publicKey ?? '' })
    const send = (text: string) => own('PUT contentslogin/answer', { id: login?.id ?? '', sealed: text })
    await expect(send(sealed)).rejects.toMatchObject({ code: 'request.invalid' })
    await expect(send(JSON.stringify(anna))).rejects.toMatchObject({ code: 'request.invalid' })
    await expect(send('a.b.c')).rejects.toMatchObject({ code: 'request.invalid' })
    const once = await seal(JSON.stringify({ ...anna, password: 'wrong again' }), {
      id: login?.id ?? '',
      publicKey: login?.publicKey ?? '',
    })
    expect(await send(once)).toEqual({ state: 'wrong' })
    await expect(send(once)).rejects.toMatchObject({ code: 'request.invalid' })
    await own('DELETE contentslogin/answer', { id: login?.id ?? '' })
    expect(code(await paced(clock, asked))).toBe(11)
  })

  it('a login that the owner refuses is 11, and they are left in peace for a while', async () => {
    const { add, begin, ask, own, openLogins, clock } = bench
    await add((await startContentsServer(clock)).url)
    const asked = begin('GET', 'contents')
    const second = begin('GET', 'contents', {}, bob)
    await clock.advance(50)
    const logins = await openLogins()
    expect(logins).toHaveLength(1)
    await own('DELETE contentslogin/answer', { id: logins[0]?.id ?? '' })
    expect([code(await asked), code(await second)]).toEqual([11, 11])
    expect(code(await ask('GET', 'contents'))).toBe(11)
    expect(await openLogins()).toEqual([])
    await clock.advance(30_000)
    const again = begin('GET', 'contents')
    await clock.advance(50)
    expect(await openLogins()).toHaveLength(1)
    // Nobody comes: the application hears so in time, the window waits on.
    await clock.advance(45_000)
    expect(why(await again)).toMatch(/has not logged in yet/)
    expect(await openLogins()).toHaveLength(1)
    await clock.advance(300_000)
    expect(await openLogins()).toEqual([])
  })

  it('a session that is over opens the window again', async () => {
    const { add, begin, ask, type, clock } = bench
    const server = await startContentsServer(clock)
    const id = await add(server.url)
    const asked = begin('GET', 'contents')
    await type(anna)
    await paced(clock, asked)
    // Signed out at the server, by somebody else than Gantry.
    const kept = bench.store.all('SELECT session FROM contents_server', [], {
      parse: row => Buffer.from(String((row as { session: unknown }).session), 'base64').toString(),
    })
    await askServer(server.url, 'login', { method: 'DELETE', bearer: JSON.parse(kept[0] ?? '').session })
    const again = begin('GET', 'contents')
    await type(anna)
    expect(code(await paced(clock, again))).toBe(0)
    // Signed out by the owner: at the server, too.
    await bench.own('DELETE contents/session', { id })
    const third = begin('GET', 'contents')
    await type(anna)
    expect(code(await paced(clock, third))).toBe(0)
    expect(code(await ask('GET', 'contents'))).toBe(0)
  })

  it('gotapi 114: a server that is away is 16 with a sentence, and does not hide the others', async () => {
    const { add, ask, good, clock } = bench
    const [near, far] = [
      await startContentsServer(clock, { open: true }),
      await startContentsServer(clock, { open: true, name: 'Far' }),
    ]
    for (const { url } of [near, far]) await add(url)
    await far.close()
    const answer = await ask('GET', 'contents', { url: far.url })
    expect(code(answer)).toBe(16)
    expect(why(answer)).toMatch(/nothing answers at this port. Is the contents server running/)
    expect((await good('GET', 'contents')).contents).toMatchObject([
      { authenticated: true },
      { url: `${far.url}/`, name: 'Far', authenticated: false },
    ])
    await near.close()
    expect(code(await ask('GET', 'contents'))).toBe(16)
  })

  it('set-up servers and sessions outlive a restart, removed ones do not', async () => {
    const { add, own, clock, startContents } = bench
    const [one, two] = [await startContentsServer(clock), await startContentsServer(clock, { open: true })]
    const id = await add(one.url)
    await add(two.url)
    await expect(add(two.url)).rejects.toMatchObject({ code: 'store.conflict' })
    await own('POST contents/session', { id })
    await bench.type(anna)
    expect(await own('GET contents', {}, startContents())).toMatchObject({
      servers: [{ state: 'signed-in', user: 'anna', isPlain: false }, { state: 'open' }],
    })
    await own('DELETE contents/server', { id })
    expect(await own('GET contents', {}, startContents())).toMatchObject({
      servers: [{ name: 'Models', state: 'open' }],
    })
  })

  it('an address that is none, or of something else, is refused with what to do', async () => {
    const { own, clock } = bench
    const probe = (address: string) => own('POST contents/probe', { address })
    const { url } = await startContentsServer(clock)
    expect(await probe(`${url}/`)).toMatchObject({ url, name: 'Models', login: 'password', isPlain: false })
    const host = url.replace('http://', '')
    await expect(probe(host)).rejects.toThrow(/write http:\/\/ before it/)
    await expect(probe('ftp://models.test')).rejects.toThrow(/cannot be used/)
    await expect(probe('http://anna:secret@models.test')).rejects.toThrow(/does not belong into the address/)
    await expect(probe(bench.peer.url)).rejects.toMatchObject({ code: 'contents.refused' })
  })
})

describe('3dprinter/print with a secure token', () => {
  it('gotapi 97: the plug-in redeems the token for the printer, and the printer prints the file', async () => {
    const { add, choose, good, clock, sim } = bench
    const server = await startContentsServer(clock, { open: true })
    await add(server.url)
    const secureToken = await choose(server.url)
    const { queue } = await good('PUT', 'print', { secureToken, url: server.url })
    expect(queue).toMatchObject([{ order: 0, uri: 'printer:/cube.gcode', status: 'Printing' }])
    expect(sim.state().files.find(({ path }) => path === 'cube.gcode')?.sizeBytes).toBe(cube.length)
    expect(sim.state().machine).toBe('preparing')
    expect(server.said).toContain(`cube.gcode goes to ${bench.serviceId}`)
    expect(existsSync(bench.downloads) ? readdirSync(bench.downloads) : []).toEqual([])
  })

  it('gotapi 97: a printer that fetches itself records the token and gets the file from the server', async () => {
    const native = await createContentsBench({ fetches: true })
    const server = await startContentsServer(native.clock, { open: true })
    await native.add(server.url)
    const secureToken = await native.choose(server.url)
    const { queue } = await native.good('PUT', 'print', { secureToken })
    expect(queue).toMatchObject([{ order: 0, uri: 'printer:/cube.gcode' }])
    expect(native.peer.agent?.tokens).toEqual([
      {
        url: `${server.url}/`,
        serviceId: native.serviceId,
        secureToken,
        accessToken: expect.stringMatching(/^[\w-]{43}$/),
        nonce: expect.stringMatching(/^[0-9a-f]{32}$/),
      },
    ])
    expect(native.sim.state().files.map(({ path }) => path)).toContain('cube.gcode')
    const used = await native.ask('PUT', 'print', { secureToken })
    expect(code(used)).toBe(16)
  })

  it('gotapi 96: the printer’s side is refused without a good token, with one it works', async () => {
    const { add, ask, choose, clock, sim } = bench
    const [one, two] = [
      await startContentsServer(clock, { open: true }),
      await startContentsServer(clock, { open: true }),
    ]
    for (const { url } of [one, two]) await add(url)
    const print = async (params: Record<string, string>) => code(await ask('PUT', 'print', params))
    expect(await print({ secureToken: 'made-up', url: one.url })).toBe(10)
    // Nobody knows whose it is.
    expect(await print({ secureToken: 'made-up' })).toBe(10)
    const token = await choose(one.url)
    expect(await print({ secureToken: token, url: two.url })).toBe(10)
    expect(await print({ secureToken: token, url: 'http://127.0.0.1:1' })).toBe(10)
    const late = await choose(one.url)
    await clock.advance(600_000)
    expect(await print({ secureToken: late, url: one.url })).toBe(12)
    const other = (
      await askServer(one.url, 'token', {
        method: 'POST',
        body: { serviceId: 'p9.printer3d', accessToken: 'x' },
      })
    ).json.secureToken
    expect(await print({ secureToken: String(other), url: one.url })).toBe(10)
    const unchosen = await bench.good('GET', 'contents', { url: one.url })
    const [entry] = unchosen.contents as { secureToken: string }[]
    expect(await print({ secureToken: entry?.secureToken ?? '' })).toBe(16)
    expect(sim.state().machine).toBe('idle')
    // Issued by `one`, so `url` need not say so.
    expect(await print({ secureToken: await choose(one.url) })).toBe(0)
    expect(sim.state().machine).toBe('preparing')
  })

  it('a token is good for the application it was handed to, and reaches no server but its own', async () => {
    const { add, ask, choose, clock, sim } = bench
    const server = await startContentsServer(clock, { open: true })
    const heard: string[] = []
    const nosy = await oddServer((request, reply) => {
      heard.push(String(request.url))
      reply.writeHead(404).end()
    })
    for (const url of [server.url, nosy]) await add(url)
    const secureToken = await choose(server.url)
    for (const url of [undefined, server.url]) {
      const params = { secureToken, ...(url !== undefined && { url }) }
      expect(code(await ask('PUT', 'print', params, bob))).toBe(10)
    }
    expect(code(await ask('PUT', 'print', { secureToken, url: nosy }))).toBe(10)
    expect(heard).toEqual([])
    expect(sim.state().machine).toBe('idle')
    expect(code(await ask('PUT', 'print', { secureToken, url: server.url }))).toBe(0)
  })

  it('gotapi 80: no secure token stands in the log or in the database, used, refused or unused', async () => {
    const { add, ask, choose, clock, lines, dir, store } = bench
    const server = await startContentsServer(clock, { open: true })
    await add(server.url)
    const tokens = [await choose(server.url), await choose(server.url), 'made-up-secure-token']
    expect(code(await ask('PUT', 'print', { secureToken: tokens[2] ?? '' }))).toBe(10)
    expect(code(await ask('PUT', 'print', { secureToken: tokens[0] ?? '', url: server.url }))).toBe(0)
    expect(code(await ask('PUT', 'print', { secureToken: tokens[0] ?? '', url: server.url }))).not.toBe(0)
    const tables = store.all("SELECT name FROM sqlite_master WHERE type = 'table'", [], {
      parse: row => String((row as { name: string }).name),
    })
    const rows = tables.map(name => store.all(`SELECT * FROM "${name}"`, [], { parse: JSON.stringify }))
    const files = readdirSync(dir, { recursive: true, withFileTypes: true }).filter(each => each.isFile())
    const stored = files.map(each => readFileSync(join(each.parentPath, each.name), 'latin1'))
    const everything = JSON.stringify([lines, rows, server.said, stored])
    expect(lines.length).toBeGreaterThan(0)
    for (const token of tokens) expect(everything).not.toContain(token)
  })

  it('a token is nobody’s any more when the application it was for is over', async () => {
    const { add, good, ask, clock, host } = bench
    const servers = [
      await startContentsServer(clock, { open: true }),
      await startContentsServer(clock, { open: true, name: 'Far' }),
    ]
    for (const { url } of servers) await add(url)
    const tokenFor = async (caller: typeof bob) => {
      const { contents } = await good('GET', 'contents', { url: servers[1]?.url ?? '' }, caller)
      return String((contents as { secureToken: string }[])[0]?.secureToken)
    }
    const [own, others] = [await tokenFor(alice), await tokenFor(bob)]
    const print = (secureToken: string, caller: typeof bob) => ask('PUT', 'print', { secureToken }, caller)
    expect(why(await print(own, alice))).toMatch(/No file was selected/)
    host.forget(alice)
    // Of a token that nobody was given here, nobody knows which of the two servers it is for.
    expect(why(await print(own, alice))).toMatch(/Name the contents server/)
    expect(why(await print(others, bob))).toMatch(/No file was selected/)
  })

  it('gotapi 117: a token is asked for one printer, and refused for another', async () => {
    const { add, ask, good, choose, clock, sim, serviceId } = bench
    const server = await startContentsServer(clock)
    await add(server.url)
    const { session } = (await askServer(server.url, 'login', { method: 'POST', body: anna })).json
    const tokenFor = async (service: string) => {
      const body = { serviceId: service, accessToken: 'the app’s own word' }
      const issued = await askServer(server.url, 'token', { method: 'POST', bearer: String(session), body })
      const bearer = String(issued.json.secureToken)
      await askServer(server.url, 'selection', { method: 'PUT', bearer, body: { name: 'cube.gcode' } })
      return bearer
    }
    const elsewhere = await tokenFor('another.printer3d')
    expect(code(await ask('PUT', 'print', { secureToken: elsewhere, url: server.url }))).not.toBe(0)
    expect(sim.state().machine).toBe('idle')
    const open = await startContentsServer(clock, { open: true })
    await add(open.url)
    await good('PUT', 'print', { secureToken: await choose(open.url), url: open.url })
    expect(open.said).toContain(`cube.gcode goes to ${serviceId}`)
  })

  it('gotapi 120: of two files and two tokens, the one is printed that was selected with the token', async () => {
    const { add, choose, good, clock, sim } = bench
    const server = await startContentsServer(clock, { open: true })
    await add(server.url)
    const cubes = await choose(server.url, 'cube.gcode')
    const others = await choose(server.url, 'other.gcode')
    expect(cubes).not.toBe(others)
    const { queue } = await good('PUT', 'print', { secureToken: others, url: server.url })
    expect(queue).toMatchObject([{ order: 0, uri: 'printer:/other.gcode' }])
    expect(sim.state().files.map(({ path }) => path)).not.toContain('cube.gcode')
  })

  it('gotapi 119: a token the application got by itself is accepted', async () => {
    const { add, good, clock, sim, serviceId } = bench
    const server = await startContentsServer(clock)
    await add(server.url)
    const { session } = (await askServer(server.url, 'login', { method: 'POST', body: anna })).json
    const issued = await askServer(server.url, 'token', {
      method: 'POST',
      bearer: String(session),
      body: { serviceId, accessToken: 'the app’s own word' },
    })
    const bearer = String(issued.json.secureToken)
    await askServer(server.url, 'selection', { method: 'PUT', bearer, body: { name: 'cube.gcode' } })
    await good('PUT', 'print', { secureToken: bearer, url: server.url })
    expect(sim.state().machine).toBe('preparing')
  })

  it('sends a value derived for one server and one application, never the token of either', async () => {
    const { good, add, lines } = bench
    const heard: { accessToken: string; serviceId: string }[] = []
    const url = await oddServer((_, reply) => reply.writeHead(404).end())
    const spy = createServer((request, reply) => {
      let body = ''
      request.on('data', piece => {
        body += piece
      })
      request.on('end', () => {
        if (request.url === '/about') {
          reply.end(JSON.stringify({ contentsServer: 1, name: 'Spy', login: 'none' }))
          return
        }
        heard.push(JSON.parse(body))
        reply.end(JSON.stringify({ serviceId: bench.serviceId, secureToken: 'st-secret' }))
      })
    })
    await new Promise<void>(resolve => spy.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void spy.close())
    const spyUrl = `http://127.0.0.1:${(spy.address() as AddressInfo).port}`
    await add(url)
    await add(spyUrl)
    for (const caller of [undefined, undefined, bob]) await good('GET', 'contents', { url: spyUrl }, caller)
    const values = heard.map(({ accessToken }) => accessToken)
    expect(values[0]).toBe(values[1])
    expect(values[2]).not.toBe(values[0])
    expect(values[0]).toMatch(/^[\w-]{43}$/)
    expect(JSON.stringify(lines)).not.toMatch(/st-secret/)
    expect(JSON.stringify(lines)).not.toContain(values[0])
  })

  it('tells the way of a long download in the queue, and calls it off', async () => {
    const { add, begin, good, ask, clock, contents, downloads, sim } = bench
    let sent = () => {}
    const url = await oddServer((request, reply) => {
      if (request.url === '/redeem') {
        reply.end(redeemedAs({ sizeBytes: 1_000 }))
        return
      }
      reply.writeHead(200, { 'content-length': '1000' })
      reply.write('G'.repeat(400))
      const drip = clock.every(2_000, 'test drip', () => reply.write('G'))
      onTestFinished(drip)
      sent = drip
    })
    await add(url)
    const printing = begin('PUT', 'print', { secureToken: 'odd-token', url })
    await until(clock, 'bytes arrive', () => existsSync(downloads) && readdirSync(downloads).length === 1)
    const answer = await paced(clock, printing)
    expect(answer).toMatchObject({
      result: 0,
      payload: { queue: [{ order: 1, uri: `${url}/files/cube.gcode`, status: 'Pending' }] },
    })
    await until(clock, 'some of it is there', () =>
      contents.pending(bench.id).some(({ receivedBytes }) => receivedBytes >= 400),
    )
    expect((await good('GET', 'status')).queue).toMatchObject([{ msg: 'Downloading 40 %' }])
    expect(code(await ask('PUT', 'print', { secureToken: 'odd-token', url }))).toBe(16)
    expect((await good('DELETE', 'print', { uri: `${url}/files/cube.gcode` })).queue).toEqual([])
    await until(clock, 'the partial file is gone', () => readdirSync(downloads).length === 0)
    sent()
    expect(sim.state().machine).toBe('idle')
    expect(code(await ask('DELETE', 'print'))).toBe(10)
  })

  it.each<[string, RequestListener, RegExp]>([
    [
      'points to another server',
      (_, reply) => reply.end(redeemedAs({ uri: 'http://127.0.0.1:1/cube.gcode' })),
      /points to another server/,
    ],
    ['is no print', (_, reply) => reply.end(redeemedAs({ name: 'model.stl' })), /must be sliced first/],
    ['is too large', (_, reply) => reply.end(redeemedAs({ sizeBytes: 3e9 })), /more than 2 GB/],
    [
      'ends before its end',
      ({ url }, reply) => reply.end(url === '/redeem' ? redeemedAs({ sizeBytes: 99 }) : 'G28\n'),
      /4 of 99 bytes: the file is not whole/,
    ],
    [
      'goes on after its end',
      ({ url }, reply) => reply.end(url === '/redeem' ? redeemedAs({ sizeBytes: 3 }) : 'G28\nM112\n'),
      /more than 3 bytes/,
    ],
    [
      'is redirected',
      ({ url }, reply) => {
        if (url === '/redeem') reply.end(redeemedAs({}))
        else reply.writeHead(302, { location: 'http://127.0.0.1:1/' }).end()
      },
      /does not follow/,
    ],
    ['is rubbish', (_, reply) => reply.end('{"uri":'), /does not answer like a contents server/],
    [
      'breaks off',
      ({ url }, reply) => {
        if (url === '/redeem') {
          reply.end(redeemedAs({}))
          return
        }
        reply.writeHead(200, { 'content-length': String(cube.length) })
        reply.write('G', () => reply.destroy())
      },
      /broke off/,
    ],
  ])('an answer that %s is not printed, and says why', async (_, odd, sentence) => {
    const { add, ask, sim, downloads } = bench
    const url = await oddServer(odd)
    await add(url)
    const answer = await ask('PUT', 'print', { secureToken: 'odd-token', url })
    expect(code(answer)).toBe(16)
    expect(why(answer)).toMatch(sentence)
    expect(why(answer)).not.toContain('odd-token')
    expect(sim.state().machine).toBe('idle')
    expect(existsSync(downloads) ? readdirSync(downloads) : []).toEqual([])
  })

  it('keeps a failure in the queue until the next try', async () => {
    const { add, ask, good, choose, clock } = bench
    const url = await oddServer((request, reply) =>
      reply.end(request.url === '/redeem' ? redeemedAs({ sizeBytes: 99 }) : 'G28\n'),
    )
    await add(url)
    await ask('PUT', 'print', { secureToken: 'odd-token', url })
    expect((await good('GET', 'queue')).queue).toMatchObject([{ order: 1, status: 'Error' }])
    const server = await startContentsServer(clock, { open: true })
    await add(server.url)
    const secureToken = await choose(server.url)
    expect((await good('PUT', 'print', { secureToken })).queue).toMatchObject([{ order: 0 }])
    expect((await good('GET', 'queue')).queue).toHaveLength(1)
  })

  it('does not use a token up while the printer cannot print', async () => {
    const { add, ask, choose, good, clock, sim } = bench
    const server = await startContentsServer(clock, { open: true })
    await add(server.url)
    const secureToken = await choose(server.url)
    sim.addFile('vase.gcode', ';TIME:600\n')
    await good('PUT', 'print', { uri: 'vase.gcode' })
    const busy = await ask('PUT', 'print', { secureToken })
    expect([code(busy), why(busy)]).toEqual([
      16,
      'A print is on, and this would spoil it. Pause or cancel it first.',
    ])
    await good('DELETE', 'print')
    await until(clock, 'it has stopped', () => sim.state().machine === 'cancelled')
    bench.printers.clearBed(bench.id, 'owner')
    await good('PUT', 'print', { secureToken })
    expect(server.said.filter(line => line.includes('goes to'))).toHaveLength(1)
  })

  it('takes away what an earlier Gantry left half way', async () => {
    const { downloads, contents } = bench
    const { mkdirSync } = await import('node:fs')
    mkdirSync(downloads, { recursive: true })
    writeFileSync(join(downloads, 'x.part'), 'half')
    await contents.start()
    expect(existsSync(downloads)).toBe(false)
  })
})
