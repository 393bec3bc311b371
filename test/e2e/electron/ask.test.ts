import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { decide } from '../harness/ask-window.ts'
import { takePicture } from '../harness/picture.ts'
import { type GantryWindow, openGantryWindow } from '../harness/window.ts'

const origin = 'http://board.workshop.test'

let gantry: GantryWindow
let url: string

beforeAll(async () => {
  gantry = await openGantryWindow()
  url = JSON.parse(await readFile(join(gantry.dataDir, 'gantry.lock'), 'utf8')).url
})
afterAll(() => gantry?.close())

async function call(path: string, params: Record<string, string>) {
  const response = await fetch(`${url}/gotapi/${path}?${new URLSearchParams(params)}`, {
    headers: { origin },
  })
  return response.json()
}

async function askForAccess() {
  const { clientId } = await call('authorization/grant', {})
  return call('authorization/accesstoken', {
    clientId,
    scope: '3dprinter,system',
    applicationName: 'Shift board',
  })
}

it('an app that asks is shown in a window of its own, which may answer and nothing else', async () => {
  const opened = gantry.app.waitForEvent('window')
  const asked = askForAccess()
  const window = await opened
  await window.waitForLoadState('domcontentloaded')
  expect(window.url()).toMatch(/^app:\/\/gantry\/ask\.html/)
  await window.getByText('Shift board').first().waitFor()
  await window.getByText(origin).first().waitFor()

  const rights = await window.evaluate(async () => {
    const { gantry: bridge } = globalThis.window
    const settings = await bridge.call('GET settings', {})
    const approvals = await bridge.call('GET approvals', {})
    return { settings: settings.result === 1 && settings.errorCode, approvals: approvals.result }
  })
  expect(rights).toEqual({ settings: 14, approvals: 0 })

  // Not in front of what the person does elsewhere: the window that had the keyboard keeps it.
  const isFocused = await gantry.app.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows().some(
      each => each.isFocused() && each.webContents.getURL().includes('ask.html'),
    ),
  )
  expect(isFocused).toBe(false)
  // Not in its first half second, in which nothing can be allowed.
  await window.getByRole('button', { name: 'Allow' }).and(window.locator(':enabled')).waitFor()
  await takePicture(gantry, window, 'ask', 'light')
  await takePicture(gantry, window, 'ask', 'dark')

  const closed = window.waitForEvent('close')
  await decide(window, 'allow')
  const { accessToken, ...allowed } = await asked
  expect(allowed).toMatchObject({ result: 0 })
  await closed

  expect(await call('system', { accessToken })).toMatchObject({ result: 0 })
  const { page } = gantry
  await page.evaluate(() => {
    location.hash = '#/apps'
  })
  await page.getByText('Shift board').first().waitFor()
  await page.getByText('1 request today').first().waitFor()
  await takePicture(gantry, page, 'apps', 'light')
  await page.getByRole('button', { name: 'Revoke access of Shift board' }).first().click()
  await page.getByText('No app has access').waitFor()
  expect(await call('system', { accessToken })).toMatchObject({ result: 1, errorCode: 15 })
})

it('a window that is closed without an answer leaves the question to the next one', async () => {
  const opened = gantry.app.waitForEvent('window')
  const asked = askForAccess()
  const window = await opened
  await window.waitForLoadState('domcontentloaded')
  const again = gantry.app.waitForEvent('window')
  await gantry.app.evaluate(({ BrowserWindow }) => {
    for (const each of BrowserWindow.getAllWindows()) {
      if (each.webContents.getURL().includes('ask.html')) each.close()
    }
  })
  const next = await again
  await next.getByText('Shift board').first().waitFor()
  await decide(next, 'deny')
  expect(await asked).toMatchObject({ result: 1, errorCode: 11 })
})
