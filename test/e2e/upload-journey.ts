import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'

const line = 'G1 X10 Y10 E1 ; as long as a line of a slicer may well be\n'
/** More than two slices of the byte channel. */
const sizeBytes = 9_500_000

/** A person picks a file on the printer's screen and sees it arrive there whole. */
export async function handFileOver(page: Page, dir: string): Promise<void> {
  const path = join(dir, 'bracket of nine megabytes.gcode')
  await writeFile(path, line.repeat(Math.ceil(sizeBytes / line.length)).slice(0, sizeBytes))
  await page.locator('input[type="file"]').setInputFiles(path)
  await page.getByText('bracket of nine megabytes.gcode').first().waitFor()
  await expect
    .poll(() => page.getByText(/bracket of nine megabytes.gcode:/).count(), { timeout: 40_000 })
    .toBe(0)
  expect(await page.getByRole('alert').allTextContents()).toEqual([])
}

/** What the byte channel gives at this address, as the page asks for it. */
export const statusOf = (page: Page, path: string): Promise<number> =>
  page.evaluate(async at => (await fetch(at)).status, path)
