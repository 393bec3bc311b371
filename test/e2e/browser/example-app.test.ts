import { cp } from 'node:fs/promises'
import { createServer } from 'node:http'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { axeComplaints } from '../axe.ts'
import { root } from '../harness/build.ts'
import { openChromium } from '../harness/chromium.ts'
import {
  type ExamplePage,
  type ExampleSite,
  installExamplePlugins,
  openExampleSite,
} from '../harness/example-page.ts'
import { answerNext, gantry } from '../harness/gantry-cli.ts'
import { type Headless, startHeadless } from '../harness/headless.ts'
import { makeTempDir, type TempDir } from '../harness/temp-dir.ts'
import { expireEverything } from './expire.ts'

/** A page of somebody else's, from another origin, against the real Gantry. */
describe('the example app', () => {
  let browser: Browser
  let site: ExampleSite
  let temp: TempDir
  let engine: Headless
  let example: ExamplePage
  let page: Page

  beforeAll(async () => {
    browser = await openChromium()
    site = await openExampleSite()
  })
  afterAll(async () => {
    await browser.close()
    site.close()
  })
  beforeEach(async () => {
    temp = await makeTempDir()
    await installExamplePlugins(temp.path)
    engine = await startHeadless({ dataDir: temp.path })
    example = await site.open(browser, engine.url)
    page = example.page
  })
  afterEach(async () => {
    await page.context().close()
    await engine.close()
    await temp.remove()
  })

  const time = () => page.locator('#time')
  const press = (name: string) => example.press(name)
  const says = (text: string) => example.says(text)
  const goLive = () => example.goLive()
  const beLetIn = () => example.beLetIn(() => answerNext(temp.path, 'allow'))
  const restart = async () => {
    await engine.end()
    engine = await startHeadless({ dataDir: temp.path, args: [`--port=${new URL(engine.url).port}`] })
  }
  const tick = async () => {
    const before = await time().getAttribute('data-at')
    await page.waitForFunction(at => document.getElementById('time')?.dataset.at !== at, before)
  }

  it('is allowed, reads the clock once and follows it live', async () => {
    await beLetIn()
    expect(await page.locator('#service-list').textContent()).toContain('Clock')
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

  it('looks at a printer and follows it, when it was allowed to', async () => {
    await engine.end()
    const again = [`--port=${new URL(engine.url).port}`, '--demo']
    engine = await startHeadless({ dataDir: temp.path, args: again })
    await page.getByLabel('the printers').check()
    await press('Ask for access')
    await answerNext(temp.path, 'allow')
    await says('Connected.')
    const state = page.locator('#printer-state')
    await expect
      .poll(
        async () => {
          await press('Look at the printer')
          return state.textContent()
        },
        { timeout: 20_000 },
      )
      .toMatch(/^idle, nozzle at \d+ °C$/)
    const seen = await state.getAttribute('data-at')
    await press('Follow the printer')
    await page.waitForFunction(at => document.getElementById('printer-state')?.dataset.at !== at, seen)
    expect(await axeComplaints(page)).toEqual([])
    await gantry(temp.path, 'revoke', 'Room clock')
    await says('took the permission back')
    expect(await state.textContent()).toBe('–')
  })

  it('is denied, and says so without blame', async () => {
    await press('Ask for access')
    await answerNext(temp.path, 'deny')
    await says('owner said no')
    expect(await page.locator('#clock').isVisible()).toBe(false)
    expect(await page.getByRole('button', { name: 'Ask for access' }).isEnabled()).toBe(true)
  })

  it('is let in, but not to the clock, and may ask again', async () => {
    await press('Ask for access')
    await answerNext(temp.path, 'allow')
    await says('Connected.')
    for (const button of ['Read once', 'Show live']) {
      await press(button)
      await answerNext(temp.path, 'deny')
      await says('owner said no')
      expect(await time().textContent()).toBe('–')
    }
    await press('Read once')
    await answerNext(temp.path, 'once')
    await says('Read once.')
  })

  it('is let in and to the clock from a signed-in dashboard', async () => {
    const dashboard = await browser.newPage({ locale: 'en-GB' })
    await dashboard.goto(`${engine.signInUrl}`)
    await dashboard.getByRole('heading', { level: 1, name: 'Printers' }).waitFor()
    await dashboard.evaluate(() => {
      location.hash = '#/apps'
    })
    const titles: string[] = []
    await example.beLetIn(async () => {
      const card = dashboard.getByRole('region', { name: 'Room clock' })
      await card.waitFor()
      titles.push((await card.locator('p').first().textContent())?.trim() ?? '')
      await card.getByRole('button', { name: 'Allow' }).click()
      await card.waitFor({ state: 'detached' })
    })
    expect(titles).toEqual(['An app asks for access', 'An app wants to use a plug-in'])
    await goLive()
    await dashboard.getByRole('button', { name: 'Revoke that Room clock may use Clock' }).click()
    // It follows on by itself and is asked about anew.
    const again = dashboard.getByRole('region', { name: 'Room clock' })
    await again.getByRole('button', { name: 'Deny' }).click()
    await says('owner said no')
    expect(await page.locator('#line').textContent()).toBe('Not live.')
    await dashboard.context().close()
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
