import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type GantryWindow, openGantryWindow } from '../harness/window.ts'

let gantry: GantryWindow
let page: Page

beforeAll(async () => {
  gantry = await openGantryWindow()
  page = gantry.page
})
afterAll(() => gantry?.close())

const setTheme = (theme: 'light' | 'dark' | 'system') =>
  page.evaluate(wanted => {
    const bridge = window.gantry
    return bridge.call('PUT settings', { theme: wanted })
  }, theme)

describe('the bridge in the real window', () => {
  it('reaches the engine through its gateway, the owner’s routes included', async () => {
    const answers = await page.evaluate(async () => {
      const bridge = window.gantry
      return [await bridge.call('GET system', {}), await bridge.call('GET settings', {})]
    })
    expect(answers).toMatchObject([
      { result: 0, supports: expect.any(Array) },
      { result: 0, theme: 'system' },
    ])
  })

  it('brings how it stands, then events until they are followed no more, and says when none will come', async () => {
    const seen = await page.evaluate(async () => {
      const bridge = window.gantry
      const themes: string[] = []
      const stop = bridge.subscribe('EVENT settings/changes', {}, event => themes.push(event.theme))
      const until = async (isSo: () => boolean) => {
        for (let tries = 0; !isSo() && tries < 200; tries++)
          await new Promise(resolve => setTimeout(resolve, 25))
      }
      await until(() => themes.length > 0)
      for (const theme of ['dark', 'light'] as const) {
        await bridge.call('PUT settings', { theme })
        await until(() => themes.includes(theme))
      }
      stop()
      await bridge.call('PUT settings', { theme: 'system' })
      await bridge.call('GET settings', {})
      const refused = await new Promise<number>(resolve => {
        bridge.subscribe(
          'EVENT nothing' as 'EVENT settings/changes',
          {},
          () => {},
          ({ errorCode }) => resolve(errorCode),
        )
      })
      return { themes, refused }
    })
    expect(seen).toEqual({ themes: ['system', 'dark', 'light'], refused: 2 })
  })

  it('refuses unknown routes, malformed values and a page that asks for a token', async () => {
    const codes = await page.evaluate(async () => {
      const call: (route: unknown, params: unknown) => Promise<{ errorCode: number }> = Reflect.get(
        Object(window.gantry),
        'call',
      )
      const tries = [
        ['GET nothing', {}],
        ['GET system', 'text'],
        ['GET system', { at: new Date() }],
        ['GET system', { run: () => 1 }],
        ['GET system', { accessToken: 'x' }],
        [{}, {}],
        ['GET authorization/grant', {}],
        ['GET authorization/accesstoken', { clientId: 'x', scope: 'all' }],
      ]
      return Promise.all(tries.map(async ([route, params]) => (await call(route, params)).errorCode))
    })
    expect(codes).toEqual([2, 10, 10, 10, 10, 10, 11, 11])
  })

  it('keeps its token out of everything the page can reach', async () => {
    const tokenForm = /\b[0-9a-f]{64}\b/
    const session = await page.context().newCDPSession(page)
    const heap = async () => {
      const chunks: string[] = []
      const take = ({ chunk }: { readonly chunk: string }) => void chunks.push(chunk)
      session.on('HeapProfiler.addHeapSnapshotChunk', take)
      await session.send('HeapProfiler.takeHeapSnapshot')
      session.off('HeapProfiler.addHeapSnapshotChunk', take)
      return tokenForm.exec(chunks.join(''))?.[0]
    }
    expect(await heap()).toBeUndefined()
    const stored = await page.evaluate(async () => [
      JSON.stringify({ ...localStorage, ...sessionStorage }),
      document.cookie,
      document.documentElement.outerHTML,
      JSON.stringify(performance.getEntries()),
      JSON.stringify(await indexedDB.databases()),
    ])
    expect(stored.join('\n')).not.toMatch(tokenForm)
    // The scan would have found one: a page that holds such a text is seen to hold it.
    const planted = '0123456789abcdef'.repeat(4)
    await page.evaluate(text => Reflect.set(window, 'planted', text), planted)
    expect(await heap()).toBe(planted)
  })
})

describe('light and dark', () => {
  it('follow the owner’s setting, in the page and in what the window is painted with', async () => {
    for (const theme of ['dark', 'light'] as const) {
      await setTheme(theme)
      await page.waitForFunction(wanted => matchMedia(`(prefers-color-scheme: ${wanted})`).matches, theme)
    }
    await setTheme('system')
  })
})

describe('a crash of the page', () => {
  it('loads it again and never touches the engine', async () => {
    const startedAt = () =>
      page.evaluate(async () => {
        const bridge = window.gantry
        const answer = await bridge.call('GET engine', {})
        return answer.result === 0 ? answer.startedAt : undefined
      })
    const before = await startedAt()
    const isBack = gantry.app.evaluate(
      ({ BrowserWindow }) =>
        new Promise<void>(resolve => {
          const [window] = BrowserWindow.getAllWindows()
          window?.webContents.once('did-finish-load', () => resolve())
          window?.webContents.forcefullyCrashRenderer()
        }),
    )
    await isBack
    // The tool's own handle on the page died with its process.
    const after = await gantry.app.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows()[0]?.webContents.executeJavaScript(
        `window.gantry.call('GET engine', {}).then(answer => answer.startedAt)`,
      ),
    )
    expect(before).toBeTypeOf('number')
    expect(after).toBe(before)
  })
})
