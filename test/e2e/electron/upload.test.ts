import { afterAll, beforeAll, expect, it } from 'vitest'
import { fleetIn } from '../fleet.ts'
import { type GantryWindow, openGantryWindow } from '../harness/window.ts'
import { handFileOver, statusOf } from '../upload-journey.ts'

let gantry: GantryWindow

beforeAll(async () => {
  gantry = await openGantryWindow({ args: ['--lang=en'] })
  await fleetIn(gantry.page).add('moonraker', 'Desk')
})
afterAll(() => gantry?.close())

it('a file goes from the window to a printer as a stream, and the page holds no token for it', async () => {
  const { page, dataDir } = gantry
  await expect.poll(() => fleetIn(page).online()).toBe(1)
  await page.getByText('Desk').first().click()
  await page.getByRole('heading', { level: 1, name: 'Desk' }).waitFor()
  await handFileOver(page, dataDir)
  const [desk] = await fleetIn(page).list()
  const { files } = await page
    .evaluate(serviceId => window.gantry.call('GET printerfiles/list', { serviceId }), desk?.serviceId ?? '')
    .then(answer => answer as { files: { name: string; sizeBytes?: number }[] })
  expect(files.find(({ name }) => name.startsWith('bracket'))).toMatchObject({ sizeBytes: 9_500_000 })
})

it('an address without bytes is told so', async () => {
  expect(await statusOf(gantry.page, 'app://gantry/bytes/printerfiles/none')).toBe(400)
})

it('diagnostics come down the same way, as one zip', async () => {
  const [start, type] = await gantry.page.evaluate(async () => {
    const answer = await window.gantry.call('GET diagnostics', {})
    const response = await fetch(answer.result === 0 ? answer.bytes : '/')
    return [(await response.text()).slice(0, 2), response.headers.get('content-type')]
  })
  expect([start, type]).toEqual(['PK', 'application/zip'])
})
