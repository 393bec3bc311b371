import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { axeComplaints } from '../axe.ts'
import { type GantryWindow, openGantryWindow } from '../harness/window.ts'

let gantry: GantryWindow
let page: Page
const complaints: string[] = []

/** A printer comes back at the next try: after a few of them that is some seconds. */
const backMs = 45_000

/** Adds a simulated Klipper printer and opens its screen, as the wall would. */
async function openPrinter(): Promise<void> {
  const printerId = await page.evaluate(async () => {
    const bridge = window.gantry
    const until = async <Found>(look: () => Promise<Found | undefined>): Promise<Found> => {
      for (;;) {
        const found = await look()
        if (found !== undefined) return found
        await new Promise(resolve => setTimeout(resolve, 50))
      }
    }
    const serviceId = await until(async () => {
      const answer = await bridge.call('GET servicediscovery', {})
      return answer.result === 0
        ? answer.services.find(({ scopes }) => scopes.includes('printersetup'))?.id
        : undefined
    })
    const added = await bridge.call('POST printersetup/simulate', { serviceId, make: 'moonraker' })
    if (added.result !== 0) throw new Error(added.errorMessage)
    location.hash = `#/printers/${added.printerId}`
    return added.printerId
  })
  expect(printerId).not.toBe('')
  await page.getByRole('heading', { level: 1 }).filter({ hasText: 'Simulated' }).waitFor()
}

const head = () => page.getByRole('banner').or(page.locator('main header')).first()
const panel = (name: string) => page.getByRole('region', { name, exact: true })
const press = (name: string) => page.getByRole('button', { name, exact: true }).click()
const says = (words: string) => page.getByText(words).first().waitFor({ timeout: backMs })
const state = (word: string) => head().getByText(word, { exact: true }).waitFor({ timeout: backMs })

beforeAll(async () => {
  gantry = await openGantryWindow({ args: ['--lang=en'] })
  page = gantry.page
  page.on('console', message => {
    if (message.type() === 'error') complaints.push(message.text())
  })
  await openPrinter()
  await state('Ready')
})

afterAll(() => gantry?.close())

describe('it went wrong', () => {
  it('says when it last heard a printer whose cable is pulled, and is back by itself', async () => {
    await press('Pull the cable')
    await says('What stands here is from then.')
    const line = await panel('Connection').textContent()
    expect(line).toMatch(/Not reached for|Connecting for/)
    expect(line).toContain('Gantry reconnects by itself.')
    expect(await page.getByRole('button', { name: 'Emergency stop' }).isEnabled()).toBe(true)
    expect(await page.getByRole('button', { name: 'Home', exact: true }).isEnabled()).toBe(false)
    await press('Plug it in again')
    await state('Ready')
    await panel('Connection').getByText('Live for').waitFor()
  }, 90_000)

  it('follows a printer to its new address, and says where it was', async () => {
    const before = await page.getByText(/^127\.0\.0\.1:\d+$/).textContent()
    await press('Change its address')
    await says(`moved from ${before}`)
    await state('Ready')
  }, 90_000)

  it('shows a fault in the middle of a print with what to do, and goes on from there', async () => {
    await press('Print benchy.gcode')
    await state('Printing')
    await press('Filament runs out')
    await page.getByRole('alert').getByText('Load filament, then go on.').waitFor({ timeout: backMs })
    await press('Load filament')
    await press('Continue')
    await state('Printing')
    await page.getByText('Load filament, then go on.').waitFor({ state: 'detached' })
  }, 120_000)

  it.each(['light', 'dark'] as const)(
    'has nothing that axe objects to on the screen of a printer: %s',
    async colorScheme => {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      await expect
        .poll(() => page.evaluate(() => document.documentElement.classList.contains('dark')))
        .toBe(colorScheme === 'dark')
      for (const name of ['Open the terminal', 'Show as a table']) await press(name)
      expect(await axeComplaints(page)).toEqual([])
      for (const name of ['Close', 'Show as a chart']) await press(name)
      expect(await axeComplaints(page)).toEqual([])
    },
  )

  it('stops at once, without a question', async () => {
    await press('Emergency stop')
    const stopped = page.getByRole('alert').getByText('Look at the printer first.')
    await stopped.first().waitFor({ timeout: backMs })
    expect(await page.getByRole('dialog').count()).toBe(0)
  }, 60_000)

  it('drew all of this, the chart too, within its content policy', () => {
    expect(complaints).toEqual([])
  })
})
