import { createHash, type X509Certificate } from 'node:crypto'
import { networkInterfaces } from 'node:os'
import { connect as connectTls } from 'node:tls'
import decodeQr from 'jsqr'
import type { Browser, Locator, Page, WebSocket } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { axeComplaints } from '../axe.ts'
import { openChromium } from '../harness/chromium.ts'
import { type Headless, startHeadless } from '../harness/headless.ts'

const hasNetwork = Object.values(networkInterfaces())
  .flatMap(list => list ?? [])
  .some(({ internal, address }) => !internal && !/^(fe80:|169\.254\.)/i.test(address))

const soon = <T>(look: () => Promise<T>) => expect.poll(look, { timeout: 20_000 })
const nameField = (page: Page) => page.getByLabel('Name of this Gantry')
const lanPanel = (page: Page) => page.getByRole('region', { name: 'Other devices on the network' })
const heading = (page: Page) => page.getByRole('heading', { level: 1 })

/** The certificate that really is served there. */
function servedCertificate(base: string): Promise<X509Certificate> {
  const { hostname, port } = new URL(base)
  return new Promise((resolve, reject) => {
    const host = hostname.replace(/[[\]]/g, '')
    const socket = connectTls({ host, port: Number(port), rejectUnauthorized: false }, () => {
      const certificate = socket.getPeerX509Certificate()
      socket.destroy()
      if (certificate) resolve(certificate)
      else reject(new Error('no certificate is served'))
    })
    socket.once('error', reject)
  })
}

/** Chromium's name for a key somebody looked at and found to be the right one. */
const pinOf = ({ publicKey }: X509Certificate) =>
  createHash('sha256')
    .update(publicKey.export({ type: 'spki', format: 'der' }))
    .digest('base64')

/** What a camera reads off the screen. */
async function readQr(picture: Locator): Promise<string | undefined> {
  const { pixels, width, height } = await picture.evaluate(async element => {
    const image = element as HTMLImageElement
    await image.decode()
    const canvas = document.createElement('canvas')
    canvas.width = 400
    canvas.height = 400
    const context = canvas.getContext('2d')
    context?.drawImage(image, 0, 0, 400, 400)
    const data = context?.getImageData(0, 0, 400, 400)
    return { pixels: [...(data?.data ?? [])], width: 400, height: 400 }
  })
  return decodeQr(Uint8ClampedArray.from(pixels), width, height)?.data
}

/** One Gantry, opened to the network by its owner, and phones that come in one after the other. */
describe.runIf(hasNetwork)('Gantry on the network', () => {
  let gantry: Headless
  let here: Browser
  let elsewhere: Browser
  let owner: Page
  let base: string
  let certificate: X509Certificate
  const phones: Page[] = []
  const lines = new WeakMap<Page, WebSocket>()
  const lineOf = (page: Page) => lines.get(page)

  beforeAll(async () => {
    ;[gantry, here] = await Promise.all([startHeadless(), openChromium()])
    owner = await (await here.newContext({ locale: 'en-GB' })).newPage()
    await owner.goto(gantry.signInUrl)
    await heading(owner).filter({ hasText: 'Printers' }).waitFor()
    await owner.goto(`${gantry.url}/#/settings`)
    await lanPanel(owner).getByRole('switch').click()
    base = await shownAddress()
    certificate = await servedCertificate(base)
    elsewhere = await openChromium([`--ignore-certificate-errors-spki-list=${pinOf(certificate)}`])
  })
  afterAll(async () => {
    await Promise.all([here?.close(), elsewhere?.close()])
    await gantry?.close()
  })

  const newPhone = async (from: Browser = elsewhere): Promise<Page> => {
    const page = await (await from.newContext({ locale: 'en-GB' })).newPage()
    page.on('websocket', line => lines.set(page, line))
    return page
  }
  const shownAddress = async (): Promise<string> => {
    const shown = lanPanel(owner)
      .getByText(/^https:\/\/\S+:\d+$/)
      .first()
    await shown.waitFor()
    return (await shown.textContent())?.trim() ?? ''
  }
  const makeLink = async (): Promise<string> => {
    const panel = lanPanel(owner)
    const link = panel.locator('code', { hasText: '#invitation=' })
    const before = (await link.count()) > 0 ? await link.textContent() : ''
    await panel.getByRole('button', { name: /^Make (a|another) link$/ }).click()
    await soon(() => link.textContent()).not.toBe(before)
    return (await link.textContent())?.trim() ?? ''
  }
  const rename = async (page: Page, name: string) => {
    await nameField(page).fill(name)
    await nameField(page).press('Enter')
  }
  const hears = (page: Page, name: string) => soon(() => nameField(page).inputValue()).toBe(name)

  it('shows the fingerprint of the certificate that is served, and a browser trusts no other', async () => {
    expect(await lanPanel(owner).textContent()).toContain(certificate.fingerprint256)
    const careful = await newPhone(here)
    await expect(careful.goto(base)).rejects.toThrow('ERR_CERT_AUTHORITY_INVALID')
    await careful.context().close()
  })

  it('lets a stranger see how to be let in, and nothing else', async () => {
    const stranger = await newPhone()
    await stranger.goto(base)
    await stranger.getByText('This browser is not signed in').waitFor()
    expect(await stranger.locator('main').textContent()).toContain('Other devices on the network')
    expect(await axeComplaints(stranger)).toEqual([])
    const ask = (path: string) =>
      stranger.evaluate(async path => {
        const answer = await fetch(`/gotapi/${path}`)
        return { status: answer.status, ...((await answer.json()) as { errorCode: number }) }
      }, path)
    expect(await ask('settings')).toMatchObject({ status: 403, errorCode: 13 })
    expect(await ask('printers/list?serviceId=room.printer3d&accessToken=00')).toMatchObject({
      status: 401,
      errorCode: 15,
    })
    const { clientId } = (await ask('authorization/grant?device=a-made-up-one')) as unknown as {
      clientId: string
    }
    const forged = `clientId=${clientId}&device=a-made-up-one&scope=all&invitation=${'A'.repeat(32)}`
    expect(await ask(`authorization/accesstoken?${forged}`)).toMatchObject({ status: 403, errorCode: 11 })
    await stranger.context().close()
  })

  it('gotapi 79: two phones are paired by a QR code each over https and wss; both hear of every change', async () => {
    for (const _ of ['one', 'two']) {
      const link = await makeLink()
      expect(link.startsWith(`${base}/#invitation=`)).toBe(true)
      expect(await readQr(lanPanel(owner).getByRole('img'))).toBe(link)
      const phone = await newPhone()
      await phone.goto(link)
      await heading(phone).filter({ hasText: 'Printers' }).waitFor()
      expect(phone.url()).not.toContain('invitation')
      await phone.goto(`${base}/#/settings`)
      await nameField(phone).waitFor()
      phones.push(phone)
    }
    const [one, two] = phones as [Page, Page]
    await rename(one, 'From the first phone')
    await hears(two, 'From the first phone')
    await rename(two, 'From the second phone')
    await hears(one, 'From the second phone')
    await hears(owner, 'From the second phone')
  })

  it('serves a link to one device only', async () => {
    const link = await makeLink()
    const [first, second] = [await newPhone(), await newPhone()]
    await first.goto(link)
    await heading(first).filter({ hasText: 'Printers' }).waitFor()
    await second.goto(link)
    await heading(second).filter({ hasText: 'This link was used already' }).waitFor()
    await first.context().close()
    await second.context().close()
  })

  it('lists who is connected, by address', async () => {
    const { hostname } = new URL(base)
    const row = lanPanel(owner).getByRole('listitem').filter({ hasText: hostname })
    await row.waitFor()
    expect(await row.textContent()).toMatch(/since .+ · \d+ requests?/)
  })

  it('shows one phone the gateway at once while the other lives on', async () => {
    const [one, two] = phones as [Page, Page]
    const [lost, kept] = [lineOf(one), lineOf(two)]
    await owner.goto(`${gantry.url}/#/apps`)
    // Listed as they came: this browser, the two phones, and the one that left.
    const rows = owner.getByRole('listitem').filter({ hasText: base })
    await soon(() => rows.filter({ hasText: 'connected' }).count()).toBe(2)
    await rows
      .first()
      .getByRole('button', { name: /^Revoke/ })
      .click()
    await one.getByText('This browser is not signed in').waitFor()
    await soon(() => rows.count()).toBe(2)
    expect([lost?.isClosed(), kept?.isClosed()]).toEqual([true, false])
    await owner.goto(`${gantry.url}/#/settings`)
    await rename(owner, 'One is left')
    await hears(two, 'One is left')
    await one.context().close()
  })

  it('closes to everybody on the network at once, live lines included, and goes on here', async () => {
    const [, phone] = phones as [Page, Page]
    const line = lineOf(phone)
    expect(line?.isClosed()).toBe(false)
    await lanPanel(owner).getByRole('switch').click()
    await soon(async () => line?.isClosed()).toBe(true)
    const reach = () => phone.evaluate(() => fetch('/gotapi/availability').then(String, () => 'away'))
    expect(await reach()).toBe('away')
    await expect(servedCertificate(base)).rejects.toThrow('ECONNREFUSED')
    await soon(() => lanPanel(owner).getByText('Fingerprint').count()).toBe(0)
    await rename(owner, 'Only here')
    const other = await owner.context().newPage()
    await other.goto(`${gantry.url}/#/settings`)
    await hears(other, 'Only here')
  })

  it('opens again with the same certificate, so that nobody has to look at it anew', async () => {
    const before = pinOf(certificate)
    await lanPanel(owner).getByRole('switch').click()
    expect(pinOf(await servedCertificate(await shownAddress()))).toBe(before)
    expect(await lanPanel(owner).textContent()).toContain(certificate.fingerprint256)
  })
})
