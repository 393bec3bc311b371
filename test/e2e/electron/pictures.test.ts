import { copyFile, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { root } from '../harness/build.ts'
import { type GantryWindow, openGantryWindow } from '../harness/window.ts'

const size = { width: 1280, height: 820 }

let gantry: GantryWindow
beforeAll(async () => {
  gantry = await openGantryWindow({ args: ['--demo'] })
  await gantry.app.evaluate(
    ({ BrowserWindow }, { width, height }) => BrowserWindow.getAllWindows()[0]?.setContentSize(width, height),
    size,
  )
})
afterAll(() => gantry?.close())

it.each(['light', 'dark'] as const)(
  'the pictures of the README are taken of the real window: %s',
  async theme => {
    const { page } = gantry
    await page.evaluate(wanted => window.gantry.call('PUT settings', { theme: wanted }), theme)
    await page.waitForFunction(wanted => matchMedia(`(prefers-color-scheme: ${wanted})`).matches, theme)
    await page.waitForFunction(({ width }) => innerWidth === width, size)
    await page.getByRole('heading', { name: 'Printers', exact: true }).waitFor()
    await page.evaluate(() => document.fonts.ready)
    const name = `printers-${theme}.png`
    const made = join(root, 'test-results', name)
    const picture = await page.screenshot({ path: made, animations: 'disabled' })
    expect([picture.readUInt32BE(16), picture.readUInt32BE(20)]).toEqual([size.width, size.height])
    if (process.env.GANTRY_PICTURES !== '1') return
    await mkdir(join(root, 'docs/images'), { recursive: true })
    await copyFile(made, join(root, 'docs/images', name))
  },
)
