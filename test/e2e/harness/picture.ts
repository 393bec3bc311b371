import { copyFile, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { root } from './build.ts'
import type { GantryWindow } from './window.ts'

/** A window of Gantry's as a person sees it; into the manual where pictures are asked for. */
export async function takePicture(
  gantry: GantryWindow,
  window: Page,
  screen: string,
  theme: 'light' | 'dark',
): Promise<void> {
  await gantry.page.evaluate(
    wanted => globalThis.window.gantry.call('PUT settings', { theme: wanted }),
    theme,
  )
  await window.waitForFunction(wanted => matchMedia(`(prefers-color-scheme: ${wanted})`).matches, theme)
  await window.evaluate(() => document.fonts.ready)
  const name = `${screen}-${theme}.png`
  const made = join(root, 'test-results', name)
  await window.screenshot({ path: made, animations: 'disabled' })
  if (process.env.GANTRY_PICTURES !== '1') return
  await mkdir(join(root, 'docs/images'), { recursive: true })
  await copyFile(made, join(root, 'docs/images', name))
}
