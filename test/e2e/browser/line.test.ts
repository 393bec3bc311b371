import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { fleetOver } from '../fleet.ts'
import { openChromium } from '../harness/chromium.ts'
import { type Headless, startHeadless } from '../harness/headless.ts'
import { ownerCalls } from '../harness/owner-calls.ts'
import { openQuietWay, type QuietWay } from '../harness/quiet-way.ts'
import { makeTempDir, type TempDir } from '../harness/temp-dir.ts'
import { bannerSince, expectLostAndFound, expectNothingHalf, recordLine, wakeAfter } from '../line-seen.ts'

/** Five seconds of silence, and what a busy machine takes. Without them the next try for a line would fail later still. */
const lostWithin = { timeout: 12_000 }
/** Gantry ends a line that answers no ping before the second one; then the page is not heard there, and hears nothing. */
const endedWithin = { timeout: 30_000 }
/** The next try, after a pause, and the one after it where Gantry knows of the old line yet. */
const foundWithin = { timeout: 30_000 }

/** It has no way to make another process stand still. */
const isWindows = process.platform === 'win32'
/** A percent of the print. */
const later = { timeout: 20_000 }

let dir: TempDir
let gantry: Headless
let way: QuietWay
let browser: Browser
let page: Page
let fleet: ReturnType<typeof fleetOver>
let finished: string[] = []

beforeAll(async () => {
  dir = await makeTempDir()
  gantry = await startHeadless({ dataDir: dir.path })
  way = await openQuietWay(gantry.url)
  browser = await openChromium([way.chromiumSwitch])
})
afterAll(async () => {
  await browser?.close()
  way?.close()
  await gantry?.close()
  await dir?.remove()
})

const banner = () => page.getByRole('alert').filter({ hasText: 'No connection to Gantry' })
const lost = (within = lostWithin) => banner().waitFor(within)
const found = () => banner().waitFor({ state: 'detached', ...foundWithin })
const stopAll = () => page.getByRole('button', { name: 'Stop all' })
const textOf = async (selector: string) =>
  (await page.locator(selector).first().textContent())?.replaceAll(/\s+/g, ' ') ?? ''
const card = () => textOf('article')
const percentIn = (words: string) => Number(/(\d+) %/.exec(words)?.[1])
/** What may change while nothing is heard: the age, the time until the next try, and a question nobody answered. */
const still = (words: string) =>
  words.replaceAll(
    /(?:under )?\d[\d hmin]* old|Trying again(?:…| in \d+ s)|Asking the printer…|Not known yet[^.]*\.[^.]*\./g,
    '',
  )

/** A browser that is signed in, on the wall of one printer that prints: it says how far it is and how long it takes. */
async function openWall(signInUrl: string): Promise<void> {
  page = await (await browser.newContext({ locale: 'en-GB' })).newPage()
  finished = []
  page.on('requestfinished', request => finished.push(request.url()))
  await page.clock.install()
  await page.goto(signInUrl)
  await page.getByRole('heading', { level: 1, name: 'Printers' }).waitFor()
  fleet = fleetOver(await ownerCalls(page, gantry.url))
}

async function startPrint(): Promise<void> {
  await fleet.add('moonraker', 'Voron')
  await vi.waitFor(async () => expect(await fleet.online()).toBe(1), { timeout: 20_000 })
  await fleet.print('Voron', 'benchy.gcode')
  // Past its heating, where a percent goes by every five seconds.
  await vi.waitFor(async () => expect(percentIn(await card())).toBeGreaterThan(0), { timeout: 60_000 })
}

describe('a browser that shows a print', () => {
  beforeAll(async () => {
    await openWall(gantry.signInUrl)
    await startPrint()
  })
  beforeEach(async () => {
    await page.getByText('min left').waitFor(foundWithin)
  })
  afterEach(() => {
    gantry.goOn()
    way.carry()
  })
  afterAll(() => page?.context().close())

  it.skipIf(isWindows)(
    'whose Gantry stands still says since when, shows every value with its age, counts nothing on and lets nobody press',
    async () => {
      const cutAt = Date.now()
      const looks = await recordLine(page)
      gantry.freeze()
      await lost()
      expect(await banner().textContent()).toMatch(bannerSince(cutAt))
      const then = await card()
      expect(then).toContain('under 1 min old')
      expect(then).toMatch(/ready \d\d:\d\d/)
      expect(then).not.toContain('left')
      await page.clock.fastForward('02:05:00')
      await page.getByText('2 h 5 min old').first().waitFor()
      expect(still(await card())).toBe(still(then))
      expect(await page.getByRole('progressbar').first().getAttribute('aria-valuenow')).toBe(
        String(percentIn(then)),
      )
      expect(await stopAll().isDisabled()).toBe(true)
      expect(await stopAll().getAttribute('title')).toContain('This waits until Gantry is back.')

      gantry.goOn()
      await found()
      await page.getByText('Connected to Gantry again. All values are of now.').waitFor()
      await page.getByText('min left').waitFor()
      await expect.poll(async () => percentIn(await card()), later).toBeGreaterThan(percentIn(then))
      expect(await stopAll().isEnabled()).toBe(true)
      expectLostAndFound(await looks(), bannerSince(cutAt))
    },
  )

  it.skipIf(isWindows)(
    'opens screens that were never open while Gantry stands still, and they wait as well',
    async () => {
      await expect.poll(() => finished.some(url => url.includes('/PrinterScreen-'))).toBe(true)
      gantry.freeze()
      await lost()
      await page.getByRole('link', { name: 'Voron' }).click()
      await page.getByRole('heading', { level: 1, name: 'Voron' }).waitFor()
      const then = await textOf('main')
      expect(then).toContain('under 1 min old')
      const files = page.getByRole('region', { name: 'Files on the printer' })
      expect(await files.textContent()).toContain('Asking the printer…')
      expect(await banner().count()).toBe(1)
      for (const name of ['Pause', 'Stop', 'Emergency stop', 'Home'])
        expect(await page.getByRole('button', { name, exact: true }).first().isDisabled(), name).toBe(true)
      await page.clock.fastForward('10:00')
      await page.getByText('10 min old').first().waitFor()
      await files.getByText('This comes once Gantry is back.').waitFor()
      expect(still(await textOf('main'))).toBe(still(then))
      gantry.goOn()
      await found()
      expect(await page.getByRole('button', { name: 'Pause', exact: true }).isEnabled()).toBe(true)
      await files.getByText('benchy').waitFor()
      await page.goBack()
    },
  )

  it.each([
    ['in both directions', ['up', 'down']],
    ['towards the page', ['down']],
  ] as const)(
    'is told when the network swallows everything %s and closes nothing',
    async (_where, directions) => {
      const cutAt = Date.now()
      const looks = await recordLine(page)
      way.hush(...directions)
      await lost()
      const then = await card()
      way.carry()
      await found()
      await expect.poll(async () => percentIn(await card()), later).toBeGreaterThan(percentIn(then))
      expectLostAndFound(await looks(), bannerSince(cutAt))
    },
  )

  it('is told when the network swallows everything towards Gantry, which then ends the line', async () => {
    const cutAt = Date.now()
    const looks = await recordLine(page)
    way.hush('up')
    await lost(endedWithin)
    const seenAt = Date.now()
    way.carry()
    await found()
    expectLostAndFound(await looks(), bannerSince(cutAt, seenAt))
  })

  it.each([
    ['and its running time with it', () => page.clock.fastForward('01:00:00')],
    ['and its running time stood still', () => wakeAfter(page, 3_600_000)],
  ] as const)(
    'takes nothing for fresh after an hour of sleep, %s, until it has heard Gantry',
    async (_how, wake) => {
      const cutAt = Date.now()
      const looks = await recordLine(page)
      await wake()
      await expect.poll(async () => (await looks()).some(look => look.banner)).toBe(true)
      await found()
      await page.getByText('min left').waitFor()
      expectLostAndFound(await looks(), bannerSince(cutAt))
    },
  )

  it('that slept while the network forgot of its line shows old values as old, and then what happened meanwhile', async () => {
    const cutAt = Date.now()
    const looks = await recordLine(page)
    way.hush('up', 'down')
    await fleet.rename('Voron', 'Trident')
    await page.clock.fastForward('08:00:00')
    await lost()
    expect(await card()).toContain('Voron')
    expect(await card()).toContain('8 h old')
    way.forget()
    await found()
    await page.getByRole('link', { name: 'Trident' }).waitFor()
    await page.getByText('min left').waitFor()
    expectLostAndFound(await looks(), bannerSince(cutAt))
    await fleet.rename('Trident', 'Voron')
  })

  it('that the browser put to sleep in the background is told all of it anew', async () => {
    const cutAt = Date.now()
    const looks = await recordLine(page)
    const then = await card()
    const session = await page.context().newCDPSession(page)
    await session.send('Page.setWebLifecycleState', { state: 'frozen' })
    await fleet.rename('Voron', 'Switchwire')
    const percent = async () => ((await fleet.list())[0]?.snapshot.job.progress ?? 0) * 100
    await expect.poll(percent, later).toBeGreaterThan(percentIn(then) + 2)
    expect(await looks()).toHaveLength(1)
    await session.send('Page.setWebLifecycleState', { state: 'active' })
    await page.getByRole('link', { name: 'Switchwire' }).waitFor()
    await found()
    await expect.poll(async () => percentIn(await card())).toBeGreaterThan(percentIn(then) + 1)
    // What waited for it may be read before anything is drawn: then it never was lost.
    expectNothingHalf(await looks(), bannerSince(cutAt))
    await session.detach()
  })

  it('whose Gantry was killed says so, opens its screens all the same, and finds the next one by itself', async () => {
    await expect.poll(() => finished.some(url => url.includes('/SettingsScreen-'))).toBe(true)
    const cutAt = Date.now()
    const looks = await recordLine(page)
    await gantry.end('SIGKILL')
    await lost()
    expect(await card()).toContain('under 1 min old')
    await page.getByText(/Trying again/).waitFor()
    await page.getByRole('link', { name: 'Settings' }).click()
    await page.getByRole('heading', { level: 1, name: 'Settings' }).waitFor()
    expect(await page.getByLabel('Name of this Gantry').inputValue()).toBe('Gantry')
    const save = page.getByRole('button', { name: 'Save' }).first()
    expect(await save.getAttribute('title')).toContain('This waits until Gantry is back.')
    await page.goBack()
    await stopAll().waitFor()
    expect(await stopAll().isDisabled()).toBe(true)

    gantry = await startHeadless({ dataDir: dir.path, args: [`--port=${new URL(gantry.url).port}`] })
    await page.getByRole('button', { name: 'Try now' }).click()
    await found()
    await page.getByText('Connected to Gantry again.').waitFor()
    expect(await stopAll().isEnabled()).toBe(true)
    // Its print went with the simulated printer.
    await expect.poll(card).not.toContain('benchy')
    expect((await looks()).find(look => look.banner)?.banner).toMatch(bannerSince(cutAt))
  })
})
