import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openChromium } from '../harness/chromium.ts'
import { type Headless, startHeadless } from '../harness/headless.ts'
import { handFileOver, statusOf } from '../upload-journey.ts'

let gantry: Headless
let browser: Browser
let page: Page

beforeAll(async () => {
  ;[gantry, browser] = await Promise.all([startHeadless({ args: ['--demo'] }), openChromium()])
  page = await (await browser.newContext({ locale: 'en-GB' })).newPage()
  await page.goto(gantry.signInUrl)
  await page.getByRole('heading', { level: 1 }).waitFor()
})
afterAll(async () => {
  await browser?.close()
  await gantry?.close()
})

it('a file goes from a browser to a printer as a stream, and no address carries the token', async () => {
  const addresses: string[] = []
  page.on('request', request => {
    if (request.url().includes('/bytes/')) addresses.push(`${request.method()} ${request.url()}`)
  })
  await page
    .getByText(/PrusaLink/i)
    .first()
    .click()
  await page.locator('input[type="file"]').waitFor({ state: 'attached' })
  await handFileOver(page, gantry.dataDir)
  expect(addresses.length).toBeGreaterThan(2)
  for (const address of addresses)
    expect(address).toMatch(/^PUT http:\/\/[^/]+\/bytes\/printerfiles\/[\w-]+$/)
})

it('without a token there is nothing', async () => {
  expect(await statusOf(page, '/bytes/printerfiles/none')).toBe(403)
})
