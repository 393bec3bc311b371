import { cp } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { serveExample } from '../../../examples/web-app/serve.mjs'
import { root } from './build.ts'

export interface ExamplePage {
  readonly page: Page
  press(name: string): Promise<void>
  /** Waits until its line of news says so. */
  says(text: string): Promise<void>
  /** Through both questions: may it in, and may it use the clock. `answer` is the owner's yes to the next one. */
  beLetIn(answer: () => Promise<void>): Promise<void>
  goLive(): Promise<void>
}

export interface ExampleSite {
  open(browser: Browser, gantryUrl: string): Promise<ExamplePage>
  close(): void
}

/** The sample plug-ins, where a Gantry with this data folder finds them. */
export const installExamplePlugins = (dataDir: string) =>
  cp(join(root, 'examples/plugins'), join(dataDir, 'plugins'), { recursive: true })

/** The example app on an origin of its own: a page of somebody else's. */
export async function openExampleSite(): Promise<ExampleSite> {
  const server = await serveExample(0)
  const { port } = server.address() as AddressInfo
  return {
    close: () => server.close(),
    async open(browser, gantryUrl) {
      const page = await browser.newPage()
      await page.goto(`http://127.0.0.1:${port}/?server=${gantryUrl}`)
      const press = (name: string) => page.getByRole('button', { name }).click()
      const says = (text: string) => page.locator('#notice').filter({ hasText: text }).waitFor()
      return {
        page,
        press,
        says,
        async beLetIn(answer) {
          await press('Ask for access')
          await answer()
          await says('Connected.')
          await press('Read once')
          await answer()
          await says('Read once.')
        },
        async goLive() {
          await press('Show live')
          await page.locator('#line[data-state="live"]').waitFor()
          await page.locator('#time[data-at]').waitFor()
        },
      }
    },
  }
}
