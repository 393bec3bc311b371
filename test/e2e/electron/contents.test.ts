import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createContentsServer } from '../../../examples/contents-server/contents-server.mjs'
import { hashPassword } from '../../../examples/contents-server/passwords.mjs'
import { axeComplaints } from '../axe.ts'
import { fleetIn } from '../fleet.ts'
import { decide, diagnosticsIn } from '../harness/ask-window.ts'
import { takePicture } from '../harness/picture.ts'
import { type GantryWindow, openGantryWindow } from '../harness/window.ts'
import { statusOf } from '../upload-journey.ts'

const origin = 'http://board.workshop.test'
const password = 'a long enough secret'
const part = `;TIME:600\n;LAYER_COUNT:30\n${'G1 X1\n'.repeat(200)}`

let gantry: GantryWindow
let page: Page
let url: string
let models: string
let server: ReturnType<typeof createContentsServer>
const said: string[] = []

beforeAll(async () => {
  gantry = await openGantryWindow({ args: ['--lang=en'] })
  ;({ page } = gantry)
  url = JSON.parse(await readFile(join(gantry.dataDir, 'gantry.lock'), 'utf8')).url
  const folder = join(gantry.dataDir, 'models')
  await mkdir(folder)
  await writeFile(join(folder, 'hinge.gcode'), part)
  const users = { anna: await hashPassword(password) }
  server = createContentsServer({ folder, users, name: 'Workshop models', say: what => said.push(what) })
  models = await server.listen(0)
})
afterAll(async () => {
  await gantry?.close()
  await server?.close()
})

type Answer = { readonly result: number; readonly errorCode?: number } & Record<string, unknown>

/** As the application asks: over HTTP, from its own origin. Everything it hears is kept. */
const heard: string[] = []
async function call(method: string, path: string, params: Record<string, string>): Promise<Answer> {
  const response = await fetch(`${url}/gotapi/${path}?${new URLSearchParams(params)}`, {
    method,
    headers: { origin },
  })
  const text = await response.text()
  heard.push(text)
  return JSON.parse(text)
}
const atModels = (path: string, token: string, init: RequestInit = {}) =>
  fetch(`${models}/${path}`, { ...init, headers: { authorization: `Bearer ${token}` } })

async function getToken(): Promise<string> {
  const { clientId } = await call('GET', 'authorization/grant', {})
  const opened = gantry.app.waitForEvent('window')
  const asked = call('GET', 'authorization/accesstoken', {
    clientId: String(clientId),
    scope: '3dprinter,servicediscovery',
    applicationName: 'Shift board',
  })
  const window = await opened
  await window.getByText('Shift board').first().waitFor()
  const closed = window.waitForEvent('close')
  await decide(window, 'allow')
  await closed
  return String((await asked).accessToken)
}

async function serviceOf(accessToken: string, name: string): Promise<string> {
  const { services } = await call('GET', 'servicediscovery', { accessToken })
  return (services as { id: string; name: string }[]).find(each => each.name === name)?.id ?? ''
}

it('gotapi 103: an app prints from a contents server, and only Gantry’s own window sees the password', {
  timeout: 120_000,
}, async () => {
  const fleet = fleetIn(page)
  await fleet.add('octoprint', 'Ender')
  await fleet.add('moonraker', 'Voron')
  await expect.poll(fleet.online, { timeout: 30_000 }).toBe(2)

  await page.evaluate(() => {
    location.hash = '#/library'
  })
  await page.getByLabel('Address').fill(models)
  await page.getByRole('button', { name: 'Look there' }).click()
  await page.getByText('Workshop models answers at').waitFor()
  await page.getByRole('button', { name: 'Set up' }).click()
  await page.getByText('Signed out', { exact: true }).waitFor()

  const accessToken = await getToken()
  const serviceId = await serviceOf(accessToken, 'Ender')
  const opened = gantry.app.waitForEvent('window')
  const connecting = call('GET', '3dprinter/contents', { accessToken, serviceId })
  const login = await opened
  await login.waitForLoadState('domcontentloaded')
  expect(login.url()).toMatch(/^app:\/\/gantry\/login\.html/)
  await login.getByText(origin).first().waitFor()
  const rights = await login.evaluate(async () => {
    const { gantry: bridge } = globalThis.window
    const answers = [
      await bridge.call('GET settings', {}),
      await bridge.call('GET contents', {}),
      await bridge.call('GET contentslogin', {}),
    ]
    return answers.map(answer => (answer.result === 0 ? 0 : answer.errorCode))
  })
  expect(rights).toEqual([14, 14, 0])
  expect(await statusOf(login, await diagnosticsIn(page))).toBe(404)

  await login.getByLabel('User name').fill('anna')
  await login.getByLabel('Password').fill('not the password')
  await login.getByRole('button', { name: 'Sign in' }).click()
  await login.getByText('User name or password is wrong.').waitFor()
  await login.getByText('Sign in', { exact: true }).first().waitFor()
  for (const theme of ['light', 'dark'] as const) {
    await takePicture(gantry, login, 'login', theme)
    expect(await axeComplaints(login), theme).toEqual([])
  }
  const closed = login.waitForEvent('close')
  await login.getByLabel('Password').fill(password)
  await login.getByRole('button', { name: 'Sign in' }).click()
  await closed
  const connected = await connecting
  expect(connected).toMatchObject({
    result: 0,
    contents: [{ url: `${models}/`, name: 'Workshop models', authenticated: true }],
  })
  await page.getByText('Signed in as anna until').waitFor()

  const [entry] = connected.contents as { secureToken: string }[]
  const secureToken = entry?.secureToken ?? ''
  expect(await (await atModels('files', secureToken)).json()).toMatchObject({
    files: [{ name: 'hinge.gcode' }],
  })
  const choice = { method: 'PUT', body: JSON.stringify({ name: 'hinge.gcode' }) }
  await atModels('selection', secureToken, choice)
  const started = await call('PUT', '3dprinter/print', { accessToken, serviceId, secureToken, url: models })
  expect(started).toMatchObject({ result: 0, queue: [{ order: 0, uri: 'printer:/hinge.gcode' }] })
  expect((await fleet.list()).find(({ name }) => name === 'Ender')?.snapshot.job.state).toBe('running')
  // Good for one file, once.
  expect(await call('PUT', '3dprinter/print', { accessToken, serviceId, secureToken })).toMatchObject({
    result: 1,
  })

  // A printer that fetches itself; the session serves without a question.
  const voron = await serviceOf(accessToken, 'Voron')
  const again = await call('GET', '3dprinter/contents', { accessToken, serviceId: voron })
  const token = (again.contents as { secureToken: string }[])[0]?.secureToken ?? ''
  await atModels('selection', token, choice)
  expect(
    await call('PUT', '3dprinter/print', { accessToken, serviceId: voron, secureToken: token }),
  ).toMatchObject({ result: 0, queue: [{ order: 0, uri: 'printer:/hinge.gcode' }] })
  expect(said.filter(line => line.startsWith('hinge.gcode goes to'))).toEqual([
    `hinge.gcode goes to ${serviceId}`,
    `hinge.gcode goes to ${voron}`,
  ])

  const log = await readFile(join(gantry.dataDir, 'gantry.log'), 'utf8')
  expect(log).toContain('the owner logged in at a contents server')
  expect(heard.join('\n') + log).not.toContain(password)
  expect(log).not.toContain(secureToken)
})

it('the Library screen has nothing that axe objects to, signs out, and the window’s close is a no', async () => {
  for (const theme of ['light', 'dark'] as const) {
    await takePicture(gantry, page, 'library', theme)
    expect(await axeComplaints(page), theme).toEqual([])
  }
  await page.getByRole('button', { name: 'Sign out at Workshop models' }).click()
  await page.getByText('Signed out', { exact: true }).waitFor()
  const opened = gantry.app.waitForEvent('window')
  await page.getByRole('button', { name: 'Sign in at Workshop models' }).click()
  const login = await opened
  await login.getByText('So that apps can print files of').waitFor()
  // The dashboard offers the same, for who has it open elsewhere.
  await page.getByRole('heading', { name: 'Workshop models' }).first().waitFor()
  await gantry.app.evaluate(({ BrowserWindow }) => {
    for (const each of BrowserWindow.getAllWindows()) {
      if (each.webContents.getURL().includes('login.html')) each.close()
    }
  })
  await page.getByText('Signed out', { exact: true }).waitFor()
})
