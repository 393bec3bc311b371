import { createHmac, randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { axeComplaints } from '../axe.ts'
import { decide } from '../harness/ask-window.ts'
import { installExamplePlugins } from '../harness/example-page.ts'
import { startAgain } from '../harness/second-start.ts'
import { makeTempDir, type TempDir } from '../harness/temp-dir.ts'
import { type GantryWindow, openGantryWindow } from '../harness/window.ts'

const origin = 'http://board.workshop.test'
const name = 'Shift board'

type Body = Readonly<Record<string, unknown>>

let temp: TempDir
let gantry: GantryWindow
let page: Page
let url: string
let accessToken = ''

const soon = <T>(look: () => Promise<T>) => expect.poll(look, { timeout: 15_000 })
const row = () => page.getByRole('listitem').filter({ hasText: origin }).first()
const panel = (title: string) => page.getByRole('region', { name: title })

async function call(method: string, path: string, params: Record<string, string> = {}): Promise<Body> {
  const query = new URLSearchParams({ ...(accessToken && { accessToken }), ...params })
  const response = await fetch(`${url}/gotapi/${path}?${query}`, { method, headers: { origin } })
  return response.json() as Promise<Body>
}

/** The next window that asks, once it says so. */
async function asking(text: string): Promise<Page> {
  const window = await gantry.app.waitForEvent('window')
  await window.getByText(text).first().waitFor()
  return window
}

async function enter(): Promise<void> {
  accessToken = ''
  const window = asking(name)
  const { clientId } = await call('GET', 'authorization/grant')
  const scope = 'servicediscovery,system,clock'
  const asked = call('GET', 'authorization/accesstoken', {
    clientId: String(clientId),
    scope,
    applicationName: name,
  })
  await decide(await window, 'allow')
  accessToken = String((await asked).accessToken)
}

beforeAll(async () => {
  temp = await makeTempDir()
  await installExamplePlugins(temp.path)
  gantry = await openGantryWindow({ dataDir: temp.path, args: ['--lang=en'] })
  page = gantry.page
  url = JSON.parse(await readFile(join(temp.path, 'gantry.lock'), 'utf8')).url
  // The router hears of a new address only once it has shown the first one.
  await page.getByRole('heading', { level: 1 }).waitFor()
  await page.evaluate(() => {
    location.hash = '#/apps'
  })
  await page.getByText('No app has access').waitFor()
})
afterAll(async () => {
  await gantry?.close()
  await temp?.remove()
})

describe('the screen Apps', () => {
  it('counts what an app asked today, and says when it was last used', async () => {
    await enter()
    await row().waitFor()
    for (let asked = 0; asked < 7; asked++) await call('GET', 'system')
    await row().getByText('7 requests today').waitFor()
    expect(await row().textContent()).toMatch(/last used (now|\d+ seconds? ago)/)
    expect(await call('GET', 'echo/echo', { serviceId: 'echo.echo' })).toMatchObject({ errorCode: 14 })
    await call('GET', 'system')
    await row().getByText('8 requests today').waitFor()
  })

  it('switches a plug-in off and on: its services go and come back', async () => {
    const ids = async () => {
      const { services } = (await call('GET', 'servicediscovery')) as { services: { id: string }[] }
      return services.map(({ id }) => id)
    }
    await soon(ids).toContain('clock.clock')
    const clock = panel('Plug-ins').getByRole('listitem').filter({ hasText: 'Clock' })
    const turn = clock.getByRole('switch')
    await turn.click()
    await clock.getByText('Off', { exact: true }).waitFor()
    expect(await ids()).not.toContain('clock.clock')
    expect(await call('GET', 'clock/ticktack', { serviceId: 'clock.clock' })).toMatchObject({ errorCode: 21 })
    await turn.click()
    await clock.getByText('Running', { exact: true }).waitFor()
    await soon(ids).toContain('clock.clock')
  })

  it('gotapi 37: the keyword is taken, and the permission window shows it to whoever doubts', async () => {
    const keyword = panel('Your keyword')
    await keyword.getByRole('textbox').fill('heron on the roof')
    await keyword.getByRole('button', { name: 'Save' }).click()
    await page.getByText('The keyword is set.').first().waitFor()
    const window = asking('heron on the roof')
    const shown = call('PUT', 'system/keyword')
    const closed = (await window).waitForEvent('close')
    await decide(await window, 'allow')
    expect(await shown).toMatchObject({ result: 0 })
    await closed
  })

  it('gotapi 72: a key that came as a link is paired after the owner agreed, and forgotten again', async () => {
    const key = randomBytes(16).toString('hex')
    const nonce = randomBytes(16).toString('hex')
    const expected = createHmac('sha256', Buffer.from(key, 'hex'))
      .update(Buffer.from(nonce, 'hex'))
      .digest('hex')
    expect(await call('GET', 'availability', { nonce })).not.toHaveProperty('hmac')
    const window = asking('An app wants to pair a key')
    const link = `gotapi://start/?origin=${encodeURIComponent(origin)}&key=${key}`
    expect(await startAgain(gantry, link)).toMatchObject({ code: 0 })
    expect(await (await window).getByText(key).count()).toBe(0)
    expect(await call('GET', 'availability', { nonce })).not.toHaveProperty('hmac')
    await decide(await window, 'allow')
    await soon(() => call('GET', 'availability', { nonce })).toMatchObject({ hmac: expected })
    await page.getByRole('button', { name: `Forget the key of ${origin}` }).click()
    await soon(() => call('GET', 'availability', { nonce })).not.toHaveProperty('hmac')
  })

  it('pairs a key typed in by hand, and refuses one that is none', async () => {
    const keys = panel('Paired keys')
    await keys.getByLabel('Address of the app').fill(origin)
    await keys.getByLabel('Key', { exact: true }).fill('not a key')
    expect(await keys.getByRole('button', { name: 'Pair' }).isDisabled()).toBe(true)
    await keys.getByLabel('Key', { exact: true }).fill('00112233445566778899aabbccddeeff')
    await keys.getByRole('button', { name: 'Pair' }).click()
    await keys.getByRole('listitem').filter({ hasText: origin }).waitFor()
    // gotapi 68: the vector of hex mode.
    expect(await call('GET', 'availability', { nonce: '0102030405060708090a0b0c0d0e0f10' })).toMatchObject({
      hmac: 'c72e29f5b5cc5dd6f130a29e2754a84397583f5669d49537700e156b4a56a62a',
    })
  })

  it.each(['light', 'dark'] as const)('has nothing for axe to find with all of it there: %s', async theme => {
    await page.evaluate(wanted => window.gantry.call('PUT settings', { theme: wanted }), theme)
    await page.waitForFunction(
      isDark => document.documentElement.classList.contains('dark') === isDark,
      theme === 'dark',
    )
    // A message that comes and goes brings guards of the focus with it that axe takes for content.
    await page.getByText('The keyword is set.').first().waitFor({ state: 'hidden' })
    expect(await axeComplaints(page)).toEqual([])
    await page.evaluate(() => {
      location.hash = '#/settings'
    })
    await panel('Apps: how strict').waitFor()
    expect(await axeComplaints(page)).toEqual([])
    await page.evaluate(() => {
      location.hash = '#/apps'
    })
    await row().waitFor()
  })

  it('gotapi 28: an app is revoked at once from the screen, its live line included', async () => {
    const line = new WebSocket(`${url.replace('http', 'ws')}/gotapi/websocket`, { origin })
    const closed = new Promise(resolve => line.once('close', resolve))
    const answered = new Promise(resolve => line.once('message', data => resolve(String(data))))
    line.on('open', () => line.send(JSON.stringify({ accessToken })))
    expect(await answered).toBe('{"result":0}')
    await row().getByText('connected').waitFor()
    await row()
      .getByRole('button', { name: `Revoke access of ${name}` })
      .click()
    await closed
    await page.getByText('No app has access').waitFor()
    expect(await call('GET', 'system')).toMatchObject({ result: 1, errorCode: 15 })
  })
})
