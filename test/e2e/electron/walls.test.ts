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

describe('the page in Gantry’s window', () => {
  it('has no Node and no Electron', async () => {
    const names = ['require', 'process', 'module', 'exports', 'Buffer', 'global', 'electron', 'ipcRenderer']
    expect(
      await page.evaluate(all => all.filter(name => Reflect.get(globalThis, name) !== undefined), names),
    ).toEqual([])
  })

  it('has one frozen object of Gantry, which it cannot replace', async () => {
    const found = await page.evaluate(() => {
      const before = Reflect.get(window, 'gantry')
      const changes = [
        Reflect.set(window, 'gantry', {}),
        Reflect.deleteProperty(window, 'gantry'),
        Reflect.set(before, 'call', () => 1),
        Reflect.set(before, 'more', 1),
      ]
      return {
        keys: Reflect.ownKeys(before),
        isSame: Reflect.get(window, 'gantry') === before,
        changes,
        isFrozen: Object.isFrozen(before),
      }
    })
    expect(found).toEqual({
      keys: ['call', 'subscribe'],
      isSame: true,
      changes: [false, false, false, false],
      isFrozen: true,
    })
  })

  it('stays where it is, whatever leads elsewhere', async () => {
    const before = page.url()
    for (const url of ['https://example.invalid/', 'file:///etc/passwd', 'app://gantry/ask.html']) {
      await page.evaluate(to => {
        location.href = to
      }, url)
      await page.evaluate(to => {
        const link = Object.assign(document.createElement('a'), { href: to })
        document.body.append(link)
        link.click()
        link.remove()
      }, url)
    }
    expect(await page.evaluate(() => location.href)).toBe(before)
  })

  it('is led back when it leaves for the empty page, which nothing can stop', async () => {
    const isBack = page.waitForEvent('domcontentloaded', {
      predicate: loaded => loaded.url().startsWith('app://gantry/'),
    })
    await page.evaluate(() => {
      setTimeout(() => {
        location.href = 'about:blank'
      })
    })
    await isBack
    expect(await page.evaluate(() => Reflect.has(window, 'gantry'))).toBe(true)
  })

  it('opens no window', async () => {
    const opened = await page.evaluate(() =>
      ['https://example.invalid/', 'about:blank', 'app://gantry/index.html'].map(
        url => window.open(url) === null,
      ),
    )
    expect(opened).toEqual([true, true, true])
    expect(gantry.app.windows()).toHaveLength(1)
  })

  it('saves no file but what it made itself', async () => {
    // A handle to what comes later: the listener is there before the page clicks.
    const started = await gantry.app.evaluateHandle(({ session }) => ({
      download: new Promise<string>(resolve => {
        session.defaultSession.once('will-download', (event, item) => {
          const url = item.getURL()
          // After every listener had its say; a refused item is gone by then.
          setImmediate(() => resolve(`${url} ${event.defaultPrevented ? 'refused' : 'saved'}`))
        })
      }),
    }))
    await page.evaluate(() => {
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

  it('gets no permission', async () => {
    const answers = await page.evaluate(async () => {
      const position = new Promise<string>(resolve => {
        navigator.geolocation.getCurrentPosition(
          () => resolve('given'),
          () => resolve('denied'),
        )
      })
      const media = navigator.mediaDevices
        ?.getUserMedia({ audio: true })
        .then(() => 'given')
        .catch(() => 'denied')
      return [await Notification.requestPermission(), await position, (await media) ?? 'denied']
    })
    expect(answers).toEqual(['denied', 'denied', 'denied'])
  })

  it('attaches no webview', async () => {
    const hasContents = await page.evaluate(() => {
      const view = document.createElement('webview')
      view.setAttribute('src', 'app://gantry/index.html')
      document.body.append(view)
      const has = Reflect.has(view, 'getWebContentsId')
      view.remove()
      return has
    })
    expect(hasContents).toBe(false)
    expect(await gantry.app.evaluate(({ webContents }) => webContents.getAllWebContents().length)).toBe(1)
  })
})

describe('the content policy', () => {
  it('runs no inline script, no eval, no script of elsewhere, no worker from text', async () => {
    const ran = await page.evaluate(async () => {
      const attempts: Record<string, () => unknown> = {
        // biome-ignore lint/security/noGlobalEval: the test is that it throws
        eval: () => eval('1'),
        function: () => new Function('return 1')(),
        worker: () => new Worker(URL.createObjectURL(new Blob(['1']))),
        timer: () => Reflect.apply(setTimeout, window, ['window.ranFromText = true', 0]),
      }
      const worked: string[] = []
      // What the test's own tool runs is let through; what the page runs afterwards is not.
      await new Promise(resolve => setTimeout(resolve))
      for (const [name, run] of Object.entries(attempts)) {
        try {
          await run()
          worked.push(name)
        } catch {
          // Refused, as it should be.
        }
      }
      const script = (fill: (element: HTMLScriptElement) => void) =>
        new Promise<void>(resolve => {
          const element = document.createElement('script')
          element.onload = () => {
            worked.push('script element')
            resolve()
          }
          element.onerror = () => resolve()
          fill(element)
          document.body.append(element)
          if (!element.src) resolve()
        })
      await script(element => (element.textContent = 'window.ranInline = true'))
      await script(element => (element.src = 'data:text/javascript,window.ranData=true'))
      await script(element => (element.src = 'https://example.invalid/x.js'))
      document.body.insertAdjacentHTML('beforeend', '<img src="x" onerror="window.ranHandler = true">')
      await new Promise(resolve => setTimeout(resolve, 100))
      const traces = ['ranInline', 'ranData', 'ranHandler', 'ranFromText']
      return [...worked, ...traces.filter(name => Reflect.has(window, name))]
    })
    // A timer from text is accepted and then not run: its trace is what counts.
    expect(ran.filter(name => name !== 'timer')).toEqual([])
  })

  it('lets the page ask no other place for anything', async () => {
    const reached = await page.evaluate(async () => {
      const tries = [
        'https://example.invalid/',
        'http://127.0.0.1:1/',
        'file:///etc/passwd',
        'data:text/plain,x',
      ]
      const answers = await Promise.allSettled(tries.map(url => fetch(url)))
      const blocked = new Promise<string>(resolve => {
        document.addEventListener('securitypolicyviolation', ({ effectiveDirective }) => {
          if (effectiveDirective !== 'connect-src') resolve(effectiveDirective)
        })
      })
      new Image().src = 'https://example.invalid/x.png'
      return [...answers.map(answer => answer.status), await blocked]
    })
    expect(reached).toEqual(['rejected', 'rejected', 'rejected', 'rejected', 'img-src'])
  })

  it('lets the page hold no frame, not even one of its own', async () => {
    const inside = await page.evaluate(async () => {
      const frame = document.createElement('iframe')
      frame.src = 'app://gantry/index.html'
      const loaded = new Promise(resolve => frame.addEventListener('load', resolve))
      document.body.append(frame)
      await loaded
      const reached: Window | null = frame.contentWindow
      let has = false
      try {
        has = reached !== null && Reflect.has(reached, 'gantry')
      } catch {
        // Another origin: an error page of Chromium's.
      }
      frame.remove()
      return has
    })
    expect(inside).toBe(false)
  })
})

describe('app://', () => {
  it('gives the page’s files and nothing beside them', async () => {
    const statuses = await page.evaluate(async () => {
      const paths = [
        'app://gantry/index.html',
        'app://gantry/../main/index.js',
        'app://gantry/%2e%2e/main/index.js',
        'app://gantry/..%2fmain/index.js',
        'app://gantry/assets/..%5c..%5cmain%5cindex.js',
        'app://gantry//etc/passwd',
        'app://gantry/%00index.html',
        'app://gantry/assets/',
      ]
      return Promise.all(paths.map(async path => (await fetch(path)).status))
    })
    expect(statuses).toEqual([200, ...Array.from({ length: 7 }, () => 404)])
  })
})

describe('messages to the main process', () => {
  it('are answered on the bridge’s two channels only, and there to no other window', async () => {
    const answers = await gantry.app.evaluate(async ({ BrowserWindow }) => {
      const stranger = new BrowserWindow({
        show: false,
        webPreferences: { sandbox: false, contextIsolation: false, nodeIntegration: true },
      })
      await stranger.loadURL('about:blank')
      const ask = (channel: string) =>
        stranger.webContents.executeJavaScript(
          `require('electron').ipcRenderer.invoke('${channel}', { route: 'GET system', params: {} })
            .then(answer => answer.errorCode, () => 'no answer')`,
        )
      const channels = [
        'gantry:call',
        'gantry:follow',
        'gantry:token',
        'settings',
        'ELECTRON_BROWSER_REQUIRE',
      ]
      const said = await Promise.all(channels.map(ask))
      stranger.destroy()
      return said
    })
    expect(answers).toEqual([18, 'no answer', 'no answer', 'no answer', 'no answer'])
  })
})
