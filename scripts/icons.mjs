import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { chromium } from 'playwright-core'
import { root } from './bootstrap/prepare.mjs'
import { icnsOf, icoOf, pictureSizes } from './packaging/icon-files.mjs'
import { findBrowser } from './testing/parts.mjs'

/** Draws every icon anew from `resources/icon.svg`: `node scripts/icons.mjs`, after the drawing changed. */
const executablePath = findBrowser(process.env)
if (!executablePath) throw new Error('Drawing icons needs Chromium: install it or name one in CHROME_PATH.')
const svg = readFileSync(join(root, 'resources/icon.svg'), 'utf8')
const browser = await chromium.launch({
  executablePath,
  args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
})
try {
  const page = await browser.newPage()
  const pictures = new Map()
  mkdirSync(join(root, 'resources/icons'), { recursive: true })
  for (const size of pictureSizes) {
    await page.setViewportSize({ width: size, height: size })
    await page.setContent(
      `<style>body{margin:0}svg{display:block;width:${size}px;height:${size}px}</style>${svg}`,
    )
    const picture = await page.screenshot({ omitBackground: true })
    pictures.set(size, picture)
    writeFileSync(join(root, `resources/icons/${size}x${size}.png`), picture)
  }
  writeFileSync(join(root, 'resources/icon.icns'), icnsOf(pictures))
  writeFileSync(join(root, 'resources/icon.ico'), icoOf(pictures))
} finally {
  await browser.close()
}
