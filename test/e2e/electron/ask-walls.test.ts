import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { diagnosticsIn } from '../harness/ask-window.ts'
import { type GantryWindow, openGantryWindow } from '../harness/window.ts'
import { statusOf } from '../upload-journey.ts'

let gantry: GantryWindow
let asking: Page

beforeAll(async () => {
  gantry = await openGantryWindow({ args: ['--lang=en'] })
  await gantry.page.evaluate(() => window.gantry.call('PUT settings', { language: 'de' }))
  await gantry.page.getByRole('heading', { name: 'Drucker', exact: true }).waitFor()
  const { url } = JSON.parse(await readFile(join(gantry.dataDir, 'gantry.lock'), 'utf8'))
  const ask = async (path: string, params: Record<string, string>) => {
    const headers = { origin: 'http://board.workshop.test' }
    return (await fetch(`${url}/gotapi/${path}?${new URLSearchParams(params)}`, { headers })).json()
  }
  const opened = gantry.app.waitForEvent('window')
  const { clientId } = await ask('authorization/grant', {})
  // Answered, with a no, when Gantry ends.
  void ask('authorization/accesstoken', { clientId, scope: 'system', applicationName: 'Shift board' }).catch(
    () => undefined,
  )
  asking = await opened
  await asking.getByText('Shift board').first().waitFor()
})
afterAll(() => gantry?.close())

describe('the page in a window that asks', () => {
  it('has no way to the bytes of the dashboard', async () => {
    const bytes = await diagnosticsIn(gantry.page)
    expect(await statusOf(gantry.page, bytes)).toBe(200)
    expect(await statusOf(asking, bytes)).toBe(404)
    expect(await statusOf(asking, 'app://gantry/bytes/printerfiles/none')).toBe(404)
  })

  it('has a session of its own, in memory, with nothing of the dashboard’s in it', async () => {
    await gantry.page.evaluate(() => localStorage.setItem('of the dashboard', '1'))
    expect(await asking.evaluate(() => localStorage.getItem('of the dashboard'))).toBeNull()
    const sessions = await gantry.app.evaluate(({ BrowserWindow, session }) =>
      BrowserWindow.getAllWindows().map(({ webContents }) => [
        webContents.session === session.defaultSession,
        webContents.session.isPersistent(),
      ]),
    )
    expect(sessions).toContainEqual([true, true])
    expect(sessions).toContainEqual([false, false])
    expect(sessions).toHaveLength(2)
  })

  it('speaks the owner’s language, though it cannot read the settings', async () => {
    await asking.getByRole('button', { name: 'Ablehnen' }).waitFor()
    expect(await asking.evaluate(() => document.documentElement.lang)).toBe('de')
  })

  it('gets no permission and saves no file', async () => {
    const answers = await asking.evaluate(async () => {
      const position = new Promise<string>(resolve => {
        navigator.geolocation.getCurrentPosition(
          () => resolve('given'),
          () => resolve('denied'),
        )
      })
      return [await Notification.requestPermission(), await position]
    })
    expect(answers).toEqual(['denied', 'denied'])
    const started = await gantry.app.evaluateHandle(({ BrowserWindow }) => {
      const own = BrowserWindow.getAllWindows().find(each => each.webContents.getURL().includes('ask.html'))
      return {
        download: new Promise<string>(resolve => {
          own?.webContents.session.once('will-download', (event, item) => {
            const url = item.getURL()
            setImmediate(() => resolve(`${url} ${event.defaultPrevented ? 'refused' : 'saved'}`))
          })
        }),
      }
    })
    await asking.evaluate(() => {
      const link = Object.assign(document.createElement('a'), {
        href: 'data:text/plain,x',
        download: 'x.txt',
      })
      document.body.append(link)
      link.click()
      link.remove()
    })
    expect(await started.evaluate(({ download }) => download)).toBe('data:text/plain,x refused')
  })

  it('stays where it is, and opens nothing', async () => {
    const before = asking.url()
    for (const url of ['https://example.invalid/', 'app://gantry/index.html']) {
      await asking.evaluate(to => {
        location.href = to
      }, url)
      expect(await asking.evaluate(to => window.open(to) === null, url)).toBe(true)
    }
    expect(await asking.evaluate(() => location.href)).toBe(before)
  })

  it('is held to the content policy of every page', async () => {
    const policies = await Promise.all(
      [gantry.page, asking].map(page =>
        page.evaluate(async () => (await fetch(location.href)).headers.get('content-security-policy')),
      ),
    )
    expect(policies[1]).toContain("default-src 'none'")
    expect(policies[1]).toBe(policies[0])
    const reached = await asking.evaluate(() =>
      fetch('https://example.invalid/').then(
        () => 'reached',
        () => 'refused',
      ),
    )
    expect(reached).toBe('refused')
  })
})
