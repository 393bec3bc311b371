import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Headless, runHeadless, startHeadless } from '../harness/headless.ts'
import { makeTempDir, type TempDir } from '../harness/temp-dir.ts'

let dir: TempDir
let running: Headless[] = []

beforeEach(async () => {
  dir = await makeTempDir()
})
afterEach(async () => {
  for (const gantry of running) await gantry.close()
  running = []
  await dir.remove()
})

async function start(): Promise<Headless> {
  const gantry = await startHeadless({ dataDir: dir.path, env: { DISPLAY: '', WAYLAND_DISPLAY: '' } })
  running.push(gantry)
  return gantry
}

const noStack = (output: string) => expect(output).not.toMatch(/^\s+at .+:\d+/m)

describe('Gantry without a window', () => {
  it('needs no display, prints its link and answers', async () => {
    const { url, signInUrl, output } = await start()
    const answer = await fetch(`${url}/gotapi/availability`, { headers: { origin: url } })
    expect(await answer.json()).toMatchObject({ result: 0 })
    expect(signInUrl).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/#invitation=[\w-]{20,}$/)
    expect(output().match(/#invitation=/g)).toHaveLength(1)
  })

  it('lets the link’s code in once, with the owner’s rights, and nobody after that', async () => {
    const { url, signInUrl } = await start()
    const invitation = new URL(signInUrl).hash.slice('#invitation='.length)
    const ask = async (path: string, params: Record<string, string>) => {
      const query = new URLSearchParams(params)
      return (await fetch(`${url}/gotapi/${path}?${query}`, { headers: { origin: url } })).json()
    }
    const signIn = async (device: string) => {
      const { clientId } = await ask('authorization/grant', { device })
      return ask('authorization/accesstoken', { clientId, device, scope: 'all', invitation })
    }
    const { accessToken } = await signIn('device-one')
    expect(await ask('settings', { accessToken })).toMatchObject({ result: 0, theme: 'system' })
    expect(await signIn('device-two')).toMatchObject({ result: 1 })
  })

  it('serves the dashboard with the policy of its pages', async () => {
    const { url } = await start()
    const page = await fetch(url)
    expect(await page.text()).toContain('<div id="app"')
    expect(page.headers.get('content-security-policy')).toMatch(/^default-src 'none'/)
  })

  it.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)('stops cleanly on %s', async signal => {
    const gantry = await start()
    expect(await gantry.end(signal)).toBe(0)
  })

  it('starts again on the same folder after kill -9', async () => {
    const first = await start()
    await first.end('SIGKILL')
    const second = await start()
    expect((await fetch(second.url)).status).toBe(200)
  })
})

describe('a start that cannot be', () => {
  it('says in one sentence who holds the data folder, and ends with 1', async () => {
    await start()
    const { code, output } = await runHeadless({ dataDir: dir.path })
    expect(code).toBe(1)
    expect(output).toMatch(/^gantry: Another Gantry \(process \d+ on .+\) uses the data folder/)
    noStack(output)
  })

  it('says that the port is taken and takes no other, and ends with 1', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await new Promise(resolve => other.once('listening', resolve))
    const { port } = other.address() as AddressInfo
    const { code, output } = await runHeadless({ dataDir: dir.path, args: [`--port=${port}`] })
    other.close()
    expect(code).toBe(1)
    expect(output).toMatch(new RegExp(`^gantry: .*${port}`))
    noStack(output)
  })

  it.each([
    ['an unknown flag', ['--prot=1'], /--port/],
    ['a wrong value', ['--port=many'], /--port .* must be/],
  ])('names the key for %s', async (_what, args, said) => {
    const { code, output } = await runHeadless({ dataDir: dir.path, args })
    expect([code, output]).toEqual([1, expect.stringMatching(said)])
    noStack(output)
  })

  it('prints help and version and leaves', async () => {
    expect(await runHeadless({ args: ['--help'] })).toMatchObject({
      code: 0,
      output: expect.stringMatching(/--data-dir/),
    })
    expect(await runHeadless({ args: ['--version'] })).toMatchObject({
      code: 0,
      output: expect.stringMatching(/^Gantry \d/),
    })
  })
})
