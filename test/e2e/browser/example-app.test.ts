import { cp } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { serveExample } from '../../../examples/web-app/serve.mjs'
import { axeComplaints } from '../axe.ts'
import { root } from '../harness/build.ts'
import { openChromium } from '../harness/chromium.ts'
import { answerNext, gantry } from '../harness/gantry-cli.ts'
import { type Headless, startHeadless } from '../harness/headless.ts'
import { makeTempDir, type TempDir } from '../harness/temp-dir.ts'
import { expireEverything } from './expire.ts'

const portOf = (server: Server) => (server.address() as AddressInfo).port

/** A page of somebody else's, from another origin, against the real Gantry. */
describe('the example app', () => {
  let browser: Browser
  let site: Server
  let temp: TempDir
  let engine: Headless
  let page: Page

  beforeAll(async () => {
    browser = await openChromium()
    site = await serveExample(0)
  })
  afterAll(async () => {
    await browser.close()
    site.close()
  })
  beforeEach(async () => {
    temp = await makeTempDir()
    await cp(join(root, 'examples/plugins'), join(temp.path, 'plugins'), { recursive: true })
    engine = await startHeadless({ dataDir: temp.path })
    page = await browser.newPage()
    await page.goto(`http://127.0.0.1:${portOf(site)}/?server=${engine.url}`)
  })
  afterEach(async () => {
    await page.context().close()
    await engine.close()
    await temp.remove()
  })

  const notice = () => page.locator('#notice')
  const time = () => page.locator('#time')
  const press = (name: string) => page.getByRole('button', { name }).click()
  const restart = async () => {
    await engine.end()
    engine = await startHeadless({ dataDir: temp.path, args: [`--port=${new URL(engine.url).port}`] })
  }
  const says = (text: string) => notice().filter({ hasText: text }).waitFor()

  async function beLetIn(): Promise<void> {
    await press('Ask for access')
    await answerNext(temp.path, 'allow')
    await says('Connected.')
  }

  async function goLive(): Promise<void> {
    await press('Show live')
    await page.locator('#line[data-state="live"]').waitFor()
    await page.locator('#time[data-at]').waitFor()
  }

  const tick = async () => {
    const before = await time().getAttribute('data-at')
    await page.waitForFunction(at => document.getElementById('time')?.dataset.at !== at, before)
  }

  it('is allowed, reads the clock once and follows it live', async () => {
    await beLetIn()
    expect(await page.locator('#service-list').textContent()).toContain('Clock')
    await press('Read once')
    await says('Read once.')
    expect(await time().textContent()).toMatch(/\d/)
    await goLive()
    await tick()
    await press('Stop')
    expect(await page.locator('#line').textContent()).toBe('Not live.')
    expect(await gantry(temp.path, 'apps')).toContain('Room clock')
  })

  it.each(['light', 'dark'] as const)('has nothing for axe to find in the %s', async colorScheme => {
    await page.emulateMedia({ colorScheme })
    expect(await axeComplaints(page)).toEqual([])
    await beLetIn()
    await goLive()
    expect(await axeComplaints(page)).toEqual([])
    const name = `example-app-${colorScheme}.png`
    const made = join(root, 'test-results', name)
    await page.setViewportSize({ width: 720, height: 640 })
    await page.screenshot({ path: made, fullPage: true })
    if (process.env.GANTRY_PICTURES === '1') await cp(made, join(root, 'docs/images', name))
  })

  it('is denied, and says so without blame', async () => {
    await press('Ask for access')
    await answerNext(temp.path, 'deny')
    await says('owner said no')
    expect(await page.locator('#clock').isVisible()).toBe(false)
    expect(await page.getByRole('button', { name: 'Ask for access' }).isEnabled()).toBe(true)
  })

  it('reaches for what it was not allowed, and explains how to get it', async () => {
    await beLetIn()
    await press('Say hello to the echo')
    await says('not part of what Gantry’s owner allowed')
    expect(await page.getByRole('button', { name: 'Ask for access' }).isVisible()).toBe(true)
  })

  it('goes dark at once when its permission is taken back while live', async () => {
    await beLetIn()
    await goLive()
    await gantry(temp.path, 'revoke', 'Room clock')
    await says('took the permission back')
    expect(await page.locator('#line').textContent()).toBe('The live time has stopped.')
    expect(await time().textContent()).toBe('–')
  })

  it('learns that its permission has run out', async () => {
    await beLetIn()
    await engine.end()
    expireEverything(temp.path)
    engine = await startHeadless({ dataDir: temp.path, args: [`--port=${new URL(engine.url).port}`] })
    await press('Read once')
    await says('permission has run out')
  })

  it('goes on by itself after Gantry was restarted', async () => {
    await beLetIn()
    await goLive()
    await restart()
    await page.locator('#line[data-state="live"]').waitFor()
    await tick()
    expect(await page.getByRole('button', { name: 'Stop' }).isVisible()).toBe(true)
  })

  it('shows nothing of a server that is not the Gantry it paired with', async () => {
    await beLetIn()
    const { port } = new URL(engine.url)
    await engine.end()
    const impostor = createServer((request, response) => {
      response.writeHead(200, {
        'Content-Type': 'application/json',
        'Access-Control-Allow-Origin': request.headers.origin ?? '*',
      })
      response.end(JSON.stringify({ result: 0, product: 'Gantry', version: '1', data: 'forged', hmac: 'ab' }))
    })
    await new Promise<void>(done => impostor.listen(Number(port), '127.0.0.1', done))
    try {
      await press('Read once')
      await says('This is not the Gantry you paired with')
      expect(await page.locator('main').textContent()).not.toContain('forged')
    } finally {
      impostor.close()
    }
  })
})
