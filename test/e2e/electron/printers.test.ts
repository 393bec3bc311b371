import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { axeComplaints } from '../axe.ts'
import { fleetIn } from '../fleet.ts'
import { type GantryWindow, openGantryWindow } from '../harness/window.ts'

let gantry: GantryWindow
let page: Page

const open = async (...args: string[]) => {
  gantry = await openGantryWindow({ args: ['--lang=en', ...args] })
  page = gantry.page
}
const card = (name: string) =>
  page.getByRole('article').filter({ has: page.getByRole('heading', { name, exact: true }) })
const press = (name: string | RegExp) => page.getByRole('button', { name, exact: true }).click()
const head = () => page.locator('main header').first()

describe('the first minute', () => {
  beforeAll(() => open())
  afterAll(() => gantry?.close())

  it('leads from an empty room to a simulated printer with one click', async () => {
    await page.getByRole('heading', { name: 'No printers yet' }).waitFor()
    await press('Add a simulated printer')
    const only = card('Simulated Klipper (Moonraker)')
    await only.getByText('Ready').waitFor()
    await only.getByText('simulated Klipper', { exact: true }).waitFor()
    await expect.poll(() => only.innerText()).toMatch(/Nozzle\s+\d+\.\d\s.*Bed\s+\d+\.\d\s/s)
  })

  it('shows what came of an address nobody answers at, and why', async () => {
    await page.getByRole('link', { name: 'Add printer' }).click()
    await page.getByLabel('Address or port').fill('127.0.0.1:1')
    await press('Look there')
    await page.getByRole('alert').getByText('No printer answers there.').waitFor()
    await page.getByRole('alert').getByRole('button', { name: "Why can't I see it?" }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Copy the report' }).waitFor()
    await page.keyboard.press('Escape')
  })

  it('has nothing that axe objects to where printers are added', async () => {
    for (const theme of ['light', 'dark'] as const) {
      await fleetIn(page).setTheme(theme)
      expect(await axeComplaints(page), theme).toEqual([])
    }
  })
})

describe('ten printers at once', () => {
  const makes = ['moonraker', 'octoprint', 'prusalink', 'marlin', 'moonraker', 'octoprint'] as const
  const names = makes.map((make, index) => `${make} ${index + 1}`)
  const printing = names.slice(0, 4)

  beforeAll(() => open('--demo'))
  afterAll(() => gantry?.close())

  it('shows at a glance who prints and how far', async () => {
    const fleet = fleetIn(page)
    await page.getByRole('article').nth(3).waitFor()
    for (const [index, make] of makes.entries()) await fleet.add(make, names[index] ?? make)
    await expect.poll(fleet.online, { timeout: 30_000 }).toBe(10)
    for (const name of printing) await fleet.print(name, 'vase.gcode')
    await expect.poll(() => page.getByRole('article').count()).toBe(10)
    await expect.poll(() => head().innerText(), { timeout: 30_000 }).toContain('4 printing')
    await press('Printing 4')
    await expect
      .poll(async () => (await page.getByRole('article').getByRole('heading').allInnerTexts()).sort())
      .toEqual([...printing].sort())
    await press('All 10')
  })

  it('has nothing that axe objects to, as cards and as a list, in both themes', async () => {
    await fleetIn(page).breakDown(names[4] ?? '', 'cable')
    await card(names[4] ?? '')
      .getByText('Not reached', { exact: true })
      .waitFor()
    for (const theme of ['light', 'dark'] as const) {
      await fleetIn(page).setTheme(theme)
      expect(await axeComplaints(page), `cards, ${theme}`).toEqual([])
      await press('As a list')
      await page.getByRole('row').nth(10).waitFor()
      expect(await axeComplaints(page), `list, ${theme}`).toEqual([])
      await press('As a list')
      await page.getByRole('article').first().waitFor()
    }
  })

  it('stops one print after asking, and the others go on', async () => {
    const [first = ''] = printing
    await press(`Stop the print of ${first}`)
    await page.getByRole('dialog').getByRole('button', { name: 'Stop print', exact: true }).click()
    await card(first).getByText('Bed to clear').waitFor()
    await expect.poll(() => head().innerText()).toContain('3 printing')
    await card(first).getByRole('button', { name: 'Bed is clear' }).click()
    await expect.poll(() => card(first).getByText('Bed to clear').count()).toBe(0)
  })

  it('stops all after asking, says which, and the wall shows that nothing runs', async () => {
    await press('Stop all')
    await page.getByRole('dialog').getByText('3 prints would be lost.').waitFor()
    await press('Stop all now')
    const told = page.getByRole('dialog').getByRole('status')
    await told.waitFor()
    const stopped = await told.innerText()
    for (const name of printing.slice(1)) expect(stopped).toContain(name)
    await page.keyboard.press('Escape')
    await expect.poll(() => head().innerText(), { timeout: 20_000 }).toContain('0 printing')
  })
})
