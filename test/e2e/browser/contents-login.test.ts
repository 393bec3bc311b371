import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createContentsServer } from '../../../examples/contents-server/contents-server.mjs'
import { hashPassword } from '../../../examples/contents-server/passwords.mjs'
import { openChromium } from '../harness/chromium.ts'
import { type Headless, startHeadless } from '../harness/headless.ts'

const password = 'a long enough secret'
let browser: Browser
let gantry: Headless
let server: ReturnType<typeof createContentsServer>
let models: string

beforeAll(async () => {
  ;[gantry, browser] = await Promise.all([startHeadless(), openChromium()])
  const folder = join(gantry.dataDir, 'models')
  await mkdir(folder)
  await writeFile(join(folder, 'hinge.gcode'), ';TIME:60\n')
  server = createContentsServer({ folder, users: { anna: await hashPassword(password) }, name: 'Models' })
  models = await server.listen(0)
})
afterAll(async () => {
  await browser?.close()
  await gantry?.close()
  await server?.close()
})

it('gotapi 103: without a window the owner signs in in a browser, and the password crosses GotAPI sealed', async () => {
  const page = await (await browser.newContext({ locale: 'en-GB' })).newPage()
  const sent: string[] = []
  page.on('request', request => sent.push(`${request.url()} ${request.postData() ?? ''}`))
  page.on('websocket', socket => socket.on('framesent', ({ payload }) => sent.push(String(payload))))
  await page.goto(gantry.signInUrl)
  await page.getByRole('heading', { level: 1, name: 'Printers' }).waitFor()
  await page.getByRole('link', { name: 'Library' }).click()
  await page.getByLabel('Address').fill(models)
  await page.getByRole('button', { name: 'Look there' }).click()
  await page.getByRole('button', { name: 'Set up' }).click()
  await page.getByRole('button', { name: 'Sign in at Models' }).click()
  await page.getByLabel('User name').fill('anna')
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Sign in', exact: true }).last().click()
  await page.getByText('Signed in as anna until').waitFor()
  const answers = sent.filter(text => text.includes('contentslogin/answer'))
  expect(answers.some(text => text.includes('sealed='))).toBe(true)
  expect(decodeURIComponent(sent.join('\n').replaceAll('+', ' '))).not.toContain(password)
})
