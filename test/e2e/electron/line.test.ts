import { setTimeout as pass } from 'node:timers/promises'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { fleetIn } from '../fleet.ts'
import { type GantryWindow, openGantryWindow } from '../harness/window.ts'
import { bannerSince, expectLostAndFound, recordLine, wakeAfter } from '../line-seen.ts'

/** As long as a line may be silent, and as long again. */
const standsStillMs = 10_000

let gantry: GantryWindow
let page: Page

beforeAll(async () => {
  gantry = await openGantryWindow({ args: ['--lang=en'] })
  page = gantry.page
  const fleet = fleetIn(page)
  await fleet.add('moonraker', 'Voron')
  await vi.waitFor(async () => expect(await fleet.online()).toBe(1), { timeout: 20_000 })
  await fleet.print('Voron', 'benchy.gcode')
  await page.getByText('min left').waitFor()
})
afterAll(() => gantry?.close())

const banner = () => page.getByRole('alert').filter({ hasText: 'No connection to Gantry' })
const card = async () => (await page.locator('article').textContent()) ?? ''

// Windows has no way to make another process stand still.
it.skipIf(process.platform === 'win32')(
  'the window says so when the program behind it stands still, and is of now when it goes on',
  async () => {
    const cutAt = Date.now()
    const looks = await recordLine(page)
    const { pid } = gantry.app.process()
    if (pid === undefined) throw new Error('Gantry does not run.')
    process.kill(pid, 'SIGSTOP')
    try {
      // Nobody can ask the window anything meanwhile: it writes down itself what it shows.
      await pass(standsStillMs)
    } finally {
      process.kill(pid, 'SIGCONT')
    }
    await expect.poll(async () => (await looks()).some(look => look.banner), { timeout: 20_000 }).toBe(true)
    await banner().waitFor({ state: 'detached' })
    await page.getByText('min left').waitFor()
    expectLostAndFound(await looks(), bannerSince(cutAt))
    expect(await page.getByRole('button', { name: 'Try now' }).count()).toBe(0)
  },
)

it('the window takes nothing for fresh after a night’s sleep until it has heard Gantry', async () => {
  const cutAt = Date.now()
  const looks = await recordLine(page)
  await wakeAfter(page, 8 * 3_600_000)
  await expect.poll(async () => (await looks()).some(look => look.banner)).toBe(true)
  await banner().waitFor({ state: 'detached' })
  await page.getByText('min left').waitFor()
  expect(await card()).not.toContain('old')
  expectLostAndFound(await looks(), bannerSince(cutAt))
})
