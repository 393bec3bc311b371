import { existsSync } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'

const places = [
  process.env.CHROME_PATH,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
].filter(path => path !== undefined)

/** The machine's own Chromium, told to leave the network alone. */
export function openChromium(more: readonly string[] = []): Promise<Browser> {
  const executablePath = places.find(path => existsSync(path))
  if (executablePath === undefined) {
    throw new Error('There is no Chromium on this machine: install it, or name it in CHROME_PATH.')
  }
  return chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      ...more,
    ],
  })
}
