import type { Page } from 'playwright-core'
import { expect } from 'vitest'

/** What a person sees of the line to Gantry on the wall of printers. */
export interface LineLook {
  /** The red banner's words. */
  readonly banner: string | undefined
  /** How old the first card calls itself. */
  readonly age: string | undefined
  /** Whether `Stop all` can be pressed. */
  readonly canStop: boolean
}

/**
 * Writes down in the page itself what it shows, each look that differs from the one before: what is there for a second
 * only, and what is there while nobody can ask.
 */
export async function recordLine(page: Page): Promise<() => Promise<readonly LineLook[]>> {
  await page.evaluate(() => {
    const looks: LineLook[] = []
    const words = (selector: string) =>
      document.querySelector(selector)?.textContent?.replaceAll(/\s+/g, ' ').trim()
    const look = () => {
      const stop = [...document.querySelectorAll('button')].find(each =>
        each.textContent?.includes('Stop all'),
      )
      const now: LineLook = {
        banner: words('main [role="alert"]'),
        age: /(?:under )?\d[\d hmin]* old/.exec(words('main article header') ?? '')?.[0],
        canStop: stop?.disabled === false,
      }
      if (JSON.stringify(now) !== JSON.stringify(looks.at(-1))) looks.push(now)
    }
    look()
    const what = { subtree: true, childList: true, characterData: true, attributes: true }
    new MutationObserver(look).observe(document.body, what)
    Reflect.set(window, 'lineLooks', looks)
  })
  return () => page.evaluate(() => Reflect.get(window, 'lineLooks') as LineLook[])
}

const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' })
/** Between two beats, and a little more. */
const beatMs = 3_000

/** The banner of a line that was heard last shortly before it was cut, or until `heardUntil` where that is later. */
export const bannerSince = (cutAt: number, heardUntil = cutAt): RegExp => {
  const times = new Set<string>()
  for (let at = cutAt - beatMs; at <= heardUntil; at += beatMs) times.add(clock.format(at))
  times.add(clock.format(heardUntil))
  return new RegExp(`^No connection to Gantry since (?:${[...times].join('|')})\\. Values are from then\\.`)
}

const fresh: LineLook = { banner: undefined, age: undefined, canStop: true }

/** Fresh at first and in the end, and lost between only with all that belongs to it. */
export function expectNothingHalf(looks: readonly LineLook[], banner: RegExp): void {
  expect(looks.at(0)).toEqual(fresh)
  expect(looks.at(-1)).toEqual(fresh)
  for (const look of looks) {
    if (look.banner === undefined) expect(look).toEqual(fresh)
    else expect(look).toMatchObject({ banner: expect.stringMatching(banner), canStop: false })
  }
}

/** The same, and lost it was, with values that said how old they were. */
export function expectLostAndFound(looks: readonly LineLook[], banner: RegExp): void {
  expectNothingHalf(looks, banner)
  expect(looks.some(({ age }) => age !== undefined)).toBe(true)
}

/** The wall clock is ahead all at once while the page's own running time is not: the computer slept. */
export const wakeAfter = (page: Page, sleptMs: number): Promise<void> =>
  page.evaluate(ms => {
    const now = Date.now
    Date.now = () => now() + ms
  }, sleptMs)
