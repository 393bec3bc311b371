import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
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
  return call('authorization/accesstoken', { clientId, scope: 'system', applicationName: 'Shift board' })
}

/** The window goes with the last question, often before it could hear the answer to its own call. */
const decide = (window: Page, decision: 'allow' | 'deny') =>
  window
    .evaluate(async wanted => {
      const answer = await globalThis.window.gantry.call('GET approvals', {})
      const id = answer.result === 0 ? (answer.approvals[0]?.id ?? '') : ''
      await globalThis.window.gantry.call('PUT approvals/decision', { id, decision: wanted })
    }, decision)
    .catch(() => undefined)

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
  await window.screenshot({ path: 'test-results/ask-light.png' })

  const closed = window.waitForEvent('close')
  await decide(window, 'allow')
  expect(await asked).toMatchObject({ result: 0, accessToken: expect.any(String) })
  await closed
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
