import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { decide } from '../harness/ask-window.ts'
import { openChromium } from '../harness/chromium.ts'
import { type ExampleSite, installExamplePlugins, openExampleSite } from '../harness/example-page.ts'
import { gantry } from '../harness/gantry-cli.ts'
import { takePicture } from '../harness/picture.ts'
import { makeTempDir, type TempDir } from '../harness/temp-dir.ts'
import { type GantryWindow, openGantryWindow } from '../harness/window.ts'

interface Listed {
  readonly id: string
  readonly state: string
  readonly reason: string
  readonly restarts: number
  readonly services: readonly { readonly id: string }[]
}

let temp: TempDir
let window: GantryWindow
let browser: Browser
let site: ExampleSite

beforeAll(async () => {
  temp = await makeTempDir()
  await installExamplePlugins(temp.path)
  window = await openGantryWindow({ dataDir: temp.path })
  browser = await openChromium()
  site = await openExampleSite()
})
afterAll(async () => {
  await browser?.close()
  site?.close()
  await window?.close()
  await temp?.remove()
})

/** The third-party plug-ins; the one that brings the printers is Gantry's own. */
const listed = async (...words: string[]): Promise<Listed[]> => {
  const all: Listed[] = JSON.parse(await gantry(temp.path, 'plugins', ...words, '--json'))
  return all.filter(({ id }) => id !== 'printer3d')
}

/** The list as soon as it fits; each look is a process of its own, so this never runs hot. */
async function until(fits: (plugins: readonly Listed[]) => boolean): Promise<readonly Listed[]> {
  for (let plugins = await listed(); ; plugins = await listed()) if (fits(plugins)) return plugins
}

describe('third-party plug-ins, in Gantry with a window', () => {
  it('run in utility processes and answer from there', async () => {
    const plugins = await until(all => all.every(({ services }) => services.length === 1))
    expect(plugins.map(({ id, state, services }) => [id, state, services[0]?.id])).toEqual([
      ['clock', 'running', 'clock.clock'],
      ['echo', 'running', 'echo.echo'],
    ])
  })

  it('end when they are switched off and come back when they are switched on', async () => {
    expect(await listed('off', 'clock')).toMatchObject([{ state: 'off' }])
    expect(await listed('on', 'clock')).toMatchObject([{ state: 'running' }])
    const plugins = await until(all =>
      all.some(({ id, services }) => id === 'clock' && services.length === 1),
    )
    expect(plugins[0]).toMatchObject({ restarts: 0, reason: '' })
  })
})

it('a page that uses a plug-in is asked about twice: may it in, and may it use the plug-in', async () => {
  const { url } = JSON.parse(await readFile(join(temp.path, 'gantry.lock'), 'utf8'))
  const example = await site.open(browser, url)
  const titles: string[] = []
  const answer = async () => {
    const ask = await window.app.waitForEvent('window')
    await ask.getByText('Room clock').first().waitFor()
    titles.push(await ask.title())
    // Not in its first half second, in which nothing can be allowed.
    await ask.getByRole('button', { name: 'Allow' }).and(ask.locator(':enabled')).waitFor()
    if (titles.length === 2) {
      await ask.getByText('Use the plug-in "Clock"').waitFor()
      await takePicture(window, ask, 'ask-plugin', 'light')
      await takePicture(window, ask, 'ask-plugin', 'dark')
    }
    const closed = ask.waitForEvent('close')
    await decide(ask, 'allow')
    await closed
  }
  await example.beLetIn(answer)
  expect(titles).toHaveLength(2)
  await example.goLive()

  const { page } = window
  await page.evaluate(() => {
    location.hash = '#/apps'
  })
  await page.getByRole('button', { name: 'Revoke that Room clock may use Clock' }).waitFor()
  const asks = window.app.waitForEvent('window')
  await listed('off', 'clock')
  await page
    .getByRole('button', { name: 'Revoke that Room clock may use Clock' })
    .waitFor({ state: 'detached' })
  await listed('on', 'clock')
  await example.press('Read once')
  const ask = await asks
  await ask.getByText('Use the plug-in "Clock"').waitFor()
  await decide(ask, 'deny')
  await example.says('owner said no')
})
