import { copyFile, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { fleetIn } from '../fleet.ts'
import { root } from '../harness/build.ts'
import { type GantryWindow, openGantryWindow } from '../harness/window.ts'

const size = { width: 1280, height: 820 }
/** A workshop on a usual afternoon: most print, one is out of filament, one cable is out. */
const workshop = [
  { name: 'Voron', make: 'moonraker', prints: 'vase.gcode' },
  { name: 'Ender left', make: 'octoprint', prints: 'vase.gcode' },
  { name: 'Prusa 2', make: 'prusalink', prints: 'calibration-cube.gcode' },
  { name: 'Ender right', make: 'marlin', prints: 'benchy.gcode' },
  { name: 'Mini A', make: 'prusalink', prints: 'benchy.gcode' },
  { name: 'Mini B', make: 'octoprint' },
  { name: 'Rat Rig', make: 'moonraker', prints: 'calibration-cube.gcode' },
  { name: 'Old Mendel', make: 'moonraker' },
  { name: 'Rehearsal printer', make: 'moonraker', prints: 'benchy.gcode' },
] as const
const enough = 0.06

let gantry: GantryWindow
beforeAll(async () => {
  gantry = await openGantryWindow({ args: ['--lang=en'] })
  await gantry.app.evaluate(
    ({ BrowserWindow }, { width, height }) => BrowserWindow.getAllWindows()[0]?.setContentSize(width, height),
    size,
  )
})
afterAll(() => gantry?.close())

it('a workshop comes to life in the real window', { timeout: 180_000 }, async () => {
  const fleet = fleetIn(gantry.page)
  await gantry.page.getByRole('heading', { name: 'Printers', exact: true }).waitFor()
  for (const { make, name } of workshop) await fleet.add(make, name)
  await expect.poll(fleet.online, { timeout: 30_000 }).toBe(workshop.length)
  for (const printer of workshop) if ('prints' in printer) await fleet.print(printer.name, printer.prints)
  await fleet.breakDown('Old Mendel', 'cable')
  const progressOf = async (name: string) =>
    (await fleet.list()).find(each => each.name === name)?.snapshot.job.progress ?? 0
  await expect.poll(() => progressOf('Prusa 2'), { timeout: 120_000, interval: 500 }).toBeGreaterThan(enough)
  await fleet.breakDown('Rehearsal printer', 'filament-runout')
  const wall = gantry.page.getByRole('main')
  await wall.getByText('1 needs you').waitFor()
  await wall.getByText('Not reached', { exact: true }).waitFor()
  await expect.poll(() => wall.getByText('Heating', { exact: true }).count(), { timeout: 60_000 }).toBe(0)
})

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
