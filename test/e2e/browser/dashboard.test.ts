import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { axeComplaints } from '../axe.ts'
import { openChromium } from '../harness/chromium.ts'
import { type Headless, startHeadless } from '../harness/headless.ts'
import { screens } from '../screens.ts'

let browser: Browser
let gantry: Headless
let signedIn: BrowserContext

const heading = (page: Page) => page.getByRole('heading', { level: 1 })
const printers = (page: Page) => heading(page).filter({ hasText: 'Printers' })

async function linkFromGantry(page: Page): Promise<string> {
  return page.evaluate(async () => {
    const kept: { token: string }[] = JSON.parse(localStorage.getItem('gantry.places') ?? '[]')
    const query = new URLSearchParams({ accessToken: kept[0]?.token ?? '' })
    const answer = await fetch('/gotapi/link', { method: 'POST', body: query })
    return ((await answer.json()) as { link: string }).link
  })
}

/** Takes back the access that was given last: of the newest of Gantry's own viewers. */
async function revokeNewest(owner: Page): Promise<void> {
  await owner.evaluate(async () => {
    const kept: { token: string }[] = JSON.parse(localStorage.getItem('gantry.places') ?? '[]')
    const accessToken = kept[0]?.token ?? ''
    const answer = await fetch(`/gotapi/apps?${new URLSearchParams({ accessToken })}`)
    const { apps } = (await answer.json()) as { apps: { clientId: string; since: number }[] }
    const newest = apps.sort((a, b) => b.since - a.since)[0]
    const query = new URLSearchParams({ accessToken, clientId: newest?.clientId ?? '' })
    await fetch(`/gotapi/apps/client?${query}`, { method: 'DELETE' })
  })
}

const isDark = (page: Page) => page.evaluate(() => document.documentElement.classList.contains('dark'))

/** Ctrl K, some letters, Enter. */
async function choose(page: Page, letters: string, name: string): Promise<void> {
  await page.keyboard.press('Control+k')
  await page.getByRole('listbox').waitFor()
  await page.keyboard.type(letters)
  const found = page.getByRole('option', { name })
  await expect.poll(() => found.getAttribute('data-highlighted')).not.toBeNull()
  await page.keyboard.press('Enter')
  await page.getByRole('dialog').waitFor({ state: 'hidden' })
}

beforeAll(async () => {
  ;[gantry, browser] = await Promise.all([startHeadless(), openChromium()])
  signedIn = await browser.newContext({ locale: 'en-GB' })
  const page = await signedIn.newPage()
  await page.goto(gantry.signInUrl)
  await printers(page).waitFor()
  await page.close()
})

afterAll(async () => {
  await browser?.close()
  await gantry?.close()
})

describe('signing a browser in', () => {
  it('works once by the printed link, which leaves the address bar at once', async () => {
    const context = await browser.newContext({ locale: 'en-GB' })
    const stranger = await context.newPage()
    await stranger.goto(gantry.signInUrl)
    await heading(stranger).filter({ hasText: 'This link was used already' }).waitFor()
    expect(stranger.url()).not.toContain('invitation')
    await context.close()
  })

  it('says to a browser without a link how to get one', async () => {
    const context = await browser.newContext({ locale: 'en-GB' })
    const page = await context.newPage()
    await page.goto(gantry.url)
    await page.getByText('npx gantry link').waitFor()
    expect(await axeComplaints(page)).toEqual([])
    await context.close()
  })

  it('lasts over a reload', async () => {
    const page = await signedIn.newPage()
    await page.goto(gantry.url)
    await printers(page).waitFor()
    await page.reload()
    await printers(page).waitFor()
    await page.getByText('Gantry runs on this computer').waitFor()
    await page.close()
  })

  it('lets a second tab in, with a line of its own: both hear of a change', async () => {
    const [one, two] = [await signedIn.newPage(), await signedIn.newPage()]
    for (const page of [one, two]) {
      await page.goto(`${gantry.url}/#/settings`)
      await page.getByLabel('Name of this Gantry').waitFor()
    }
    await one.getByLabel('Name of this Gantry').fill('Two tabs')
    await one.getByLabel('Name of this Gantry').press('Enter')
    await expect.poll(() => two.getByLabel('Name of this Gantry').inputValue()).toBe('Two tabs')
    await Promise.all([one.close(), two.close()])
  })

  it('ends at once when its access is taken back', async () => {
    const owner = await signedIn.newPage()
    await owner.goto(gantry.url)
    await printers(owner).waitFor()
    const context = await browser.newContext({ locale: 'en-GB' })
    const guest = await context.newPage()
    await guest.goto(await linkFromGantry(owner))
    await printers(guest).waitFor()
    await revokeNewest(owner)
    await guest.getByText('This browser is not signed in').waitFor()
    await owner.close()
    await context.close()
  })
})

describe('every screen', () => {
  it.each(['light', 'dark'] as const)(
    'has nothing that axe objects to in the %s theme',
    async colorScheme => {
      const page = await signedIn.newPage()
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      for (const { name, hash } of screens) {
        await page.goto(`${gantry.url}/${hash}`)
        await heading(page).filter({ hasText: name }).waitFor()
        await page.waitForLoadState('networkidle')
        expect(await axeComplaints(page), `${name}, ${colorScheme}`).toEqual([])
      }
      await page.close()
    },
  )

  it.each([
    ['a small window', 800, 600],
    ['a large screen', 2560, 1440],
    ['a page at 200 %', 640, 410],
    ['a phone', 390, 844],
  ])('fits %s without scrolling sideways', async (_what, width, height) => {
    const page = await signedIn.newPage()
    await page.setViewportSize({ width, height })
    for (const { name, hash } of screens) {
      await page.goto(`${gantry.url}/${hash}`)
      await heading(page).filter({ hasText: name }).waitFor()
      const overhang = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
      expect(overhang, name).toBeLessThanOrEqual(0)
    }
    await page.close()
  })

  it('asks nothing of anybody but Gantry, and misses nothing', async () => {
    const page = await signedIn.newPage()
    const strangers: string[] = []
    const complaints: string[] = []
    await page.route('**/*', async route => {
      const isOwn = new URL(route.request().url()).origin === gantry.url
      if (!isOwn) strangers.push(route.request().url())
      await (isOwn ? route.continue() : route.abort())
    })
    page.on('console', message => {
      if (message.type() === 'error') complaints.push(message.text())
    })
    page.on('pageerror', error => complaints.push(error.message))
    page.on('response', response => {
      if (response.status() >= 400) complaints.push(`${response.status()} ${response.url()}`)
    })
    for (const { name, hash } of screens) {
      await page.goto(`${gantry.url}/${hash}`)
      await heading(page).filter({ hasText: name }).waitFor()
      await page.waitForLoadState('networkidle')
      const empty = await page.locator('svg.iconify:not(:has(*))').count()
      expect(empty, `icons missing on ${name}`).toBe(0)
    }
    expect(await page.evaluate(() => document.fonts.check('14px "Inter Variable"'))).toBe(true)
    expect(strangers).toEqual([])
    expect(complaints).toEqual([])
    await page.close()
  })
})

describe('a screen that was not opened yet', () => {
  it('is fetched as soon as the first one is painted, and not before', async () => {
    const page = await signedIn.newPage()
    await page.goto(gantry.url)
    await printers(page).waitFor()
    const parts = () =>
      page.evaluate(() => {
        const [painted] = performance.getEntriesByName('first-contentful-paint')
        const ahead = performance
          .getEntriesByType('resource')
          .map(({ name, startTime }) => ({ part: /(\w+)Screen-[\w-]+\.js$/.exec(name)?.[1], startTime }))
          .filter(({ part }) => part !== undefined && part !== 'Printers')
        return {
          names: [...new Set(ahead.map(({ part }) => part))].sort(),
          isLate: ahead.every(
            ({ startTime }) => startTime > (painted?.startTime ?? Number.POSITIVE_INFINITY),
          ),
        }
      })
    const names = ['AddPrinter', 'Apps', 'Fleet', 'Library', 'Lost', 'Printer', 'Queue', 'Settings']
    await expect.poll(parts, { timeout: 20_000 }).toEqual({ names, isLate: true })
    await page.close()
  })
})

describe('without a mouse', () => {
  it('every screen is reached by Tab and Enter, and the focus is seen', async () => {
    const page = await signedIn.newPage()
    await page.goto(gantry.url)
    await printers(page).waitFor()
    await page.keyboard.press('Tab')
    expect(await page.evaluate(() => document.activeElement?.textContent?.trim())).toBe('Skip to the content')
    for (const { name } of screens.slice(0, 6)) {
      await page.keyboard.press('Tab')
      const { text, outline } = await page.evaluate(() => {
        const element = document.activeElement
        return {
          text: element?.textContent?.trim(),
          outline: element ? getComputedStyle(element).outlineStyle : '',
        }
      })
      expect(text).toContain(name)
      expect(outline).toBe('solid')
      await page.keyboard.press('Enter')
      await heading(page).filter({ hasText: name }).waitFor()
    }
    await page.close()
  })

  it('the palette finds a screen, and changes theme and language for every screen', async () => {
    const page = await signedIn.newPage()
    const other = await signedIn.newPage()
    await other.goto(`${gantry.url}/#/library`)
    await page.goto(gantry.url)
    await printers(page).waitFor()
    await choose(page, 'queue', 'Queue')
    await heading(page).filter({ hasText: 'Queue' }).waitFor()
    await choose(page, 'deutsch', 'Deutsch')
    await page.getByText('Die Warteschlange ist leer').waitFor()
    await other.getByText('Die Bibliothek ist leer').waitFor()
    expect(await page.evaluate(() => document.documentElement.lang)).toBe('de')
    await page.reload()
    await page.getByText('Die Warteschlange ist leer').waitFor()
    await choose(page, 'dunkel', 'Dunkel')
    await expect.poll(() => isDark(other)).toBe(true)
    await choose(page, 'hell', 'Hell')
    await expect.poll(() => isDark(other)).toBe(false)
    await choose(page, 'english', 'English')
    await other.getByText('The library is empty').waitFor()
    await Promise.all([page.close(), other.close()])
  })
})
