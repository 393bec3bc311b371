import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { axeComplaints } from '../axe.ts'
import { type GantryWindow, openGantryWindow } from '../harness/window.ts'
import { screens } from '../screens.ts'

let gantry: GantryWindow
let page: Page

const heading = (name: string) => page.getByRole('heading', { level: 1 }).filter({ hasText: name })

beforeAll(async () => {
  gantry = await openGantryWindow({ args: ['--lang=en'] })
  page = gantry.page
})

afterAll(() => gantry?.close())

describe('every screen in Gantry’s window', () => {
  it.each(['light', 'dark'] as const)(
    'has nothing that axe objects to in the %s theme',
    async colorScheme => {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      await expect
        .poll(() => page.evaluate(() => document.documentElement.classList.contains('dark')))
        .toBe(colorScheme === 'dark')
      for (const { name, hash } of screens) {
        await page.evaluate(address => {
          location.hash = address
        }, hash)
        await heading(name).waitFor()
        expect(await axeComplaints(page), `${name}, ${colorScheme}`).toEqual([])
      }
    },
  )

  it('asks nothing of the network and breaks no rule of its content policy', async () => {
    const strangers: string[] = []
    const complaints: string[] = []
    page.on('request', request => {
      if (!request.url().startsWith('app://gantry/')) strangers.push(request.url())
    })
    page.on('console', message => {
      if (message.type() === 'error') complaints.push(message.text())
    })
    await page.reload()
    // The router hears of a new address only once it has shown the first one.
    await heading('There is no such screen').waitFor()
    for (const { name, hash } of screens) {
      await page.evaluate(address => {
        location.hash = address
      }, hash)
      await heading(name).waitFor()
    }
    expect(strangers).toEqual([])
    expect(complaints).toEqual([])
  })
})
