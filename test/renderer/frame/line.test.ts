import { flushPromises } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { paletteIsOpen } from '../../../src/renderer/frame/panels.ts'
import { speak } from '../../../src/renderer/i18n/index.ts'
import type { Printer } from '../../../src/renderer/stores/printers.ts'
import { aPrinter } from '../fakes/a-printer.ts'
import { createFakeBridge } from '../fakes/fake-bridge.ts'
import { openApp, patience } from '../fakes/open-app.ts'
import { someSettings } from '../fakes/some-settings.ts'

const nowAt = new Date(2026, 10, 21, 13, 26).getTime()
const minute = 60_000

// Screens are loaded when they are first opened, which takes a busy machine a while.
vi.setConfig({ testTimeout: 20_000 })

let engine = createFakeBridge()
let unmount = () => {}

const room = { id: 'r', serviceId: 'r', name: 'Room', online: true, scopes: ['printersetup'] }
const list = (...printers: Printer[]) => ({ sequence: 1, at: Date.now(), full: true, printers, removed: [] })
const printing = () =>
  aPrinter(
    {},
    {
      machine: { state: 'printing' },
      label: 'printing',
      job: { state: 'running', name: 'duct_left', progress: 0.41, readyAt: nowAt + 74 * minute },
      heardAt: nowAt,
    },
  )

const app = {
  clientId: 'c',
  name: 'App',
  origin: 'http://app',
  own: false,
  live: true,
  once: false,
  since: nowAt,
  usedAt: nowAt,
  requestsToday: 3,
  keepLineOpen: false,
  scopes: [{ scope: 'printers', expiresAt: nowAt + 1e9 }],
  plugins: [{ id: 'p', name: 'Clock', once: false, since: nowAt }],
}
const plugin = {
  id: 'p',
  name: 'Clock',
  version: '1',
  about: '',
  builtIn: false,
  enabled: true,
  state: 'given-up',
  restarts: 1,
  profiles: [],
  services: [],
}

async function open(hash = '#/', isBrowser = true) {
  const { wrapper, router } = await openApp(engine, isBrowser ? engine.browserBridge : engine.bridge, hash)
  unmount = () => wrapper.unmount()
  speak('en')
  await flushPromises()
  return { router }
}
async function pass(ms: number) {
  await vi.advanceTimersByTimeAsync(ms)
  await flushPromises()
}
async function lose() {
  engine.freeze()
  await pass(8_000)
}

const text = () => document.body.textContent?.replaceAll(/\s+/g, ' ') ?? ''
const main = () => document.querySelector('main')
const banner = () => document.querySelector('[role="alert"]')?.textContent?.replaceAll(/\s+/g, ' ').trim()
const button = (words: string) =>
  [...document.querySelectorAll<HTMLButtonElement>('button, a')].find(
    each => (each.getAttribute('aria-label') ?? each.textContent)?.trim() === words,
  )

beforeEach(() => {
  vi.useFakeTimers({
    now: nowAt,
    toFake: ['Date', 'performance', 'setInterval', 'clearInterval', 'setTimeout', 'clearTimeout'],
  })
  localStorage.clear()
  paletteIsOpen.value = false
  engine = createFakeBridge()
  engine.knows('GET availability', {})
  engine.knows('GET settings', someSettings({ language: 'en' }))
  engine.knows('GET notices', { notices: [] })
  engine.knows('GET approvals', { approvals: [] })
  engine.knows('GET contentslogin', { logins: [] })
  engine.knows('GET servicediscovery', { services: [room] })
  engine.knows('GET printergroups/list', { groups: [] })
  engine.knows('GET printers/list', list(printing()))
})

afterEach(() => {
  unmount()
  vi.useRealTimers()
})

describe('a page that does not hear Gantry any more', () => {
  it('says so after five seconds, since when, and never that prints stopped', async () => {
    await open()
    engine.freeze()
    await pass(5_000)
    expect(main()?.dataset.line).toBe('up')
    expect(banner()).toBeUndefined()
    await pass(3_000)
    expect(main()?.dataset.line).toBe('down')
    expect(banner()).toContain('No connection to Gantry since 13:26. Values are from then.')
    expect(banner()).toContain('Prints may still be running. In an emergency, use the switch on the printer.')
    expect(document.querySelector('aside')?.textContent).toContain('No connection since 13:26')
    expect(document.querySelector('header')?.textContent).toContain('At 13:26:')
  })

  it('keeps every value as it was, with its age, and counts nothing on', async () => {
    await open()
    await lose()
    const card = () => document.querySelector('article')?.textContent?.replaceAll(/\s+/g, ' ') ?? ''
    expect(card()).toContain('under 1 min old')
    const before = card().replace('under 1 min old', '')
    await pass(125 * minute)
    expect(card()).toContain('2 h 5 min old')
    expect(card().replace('2 h 5 min old', '')).toBe(before)
    expect(card()).toContain('ready 14:40')
    expect(card()).not.toContain('min left')
    expect(banner()).toContain('since 13:26')
  })

  it('says the date once it is long ago', async () => {
    await open()
    await lose()
    vi.setSystemTime(nowAt + 25 * 60 * minute)
    await pass(10_000)
    expect(banner()).toContain('since Nov 21, 2026, 13:26')
  })

  it('says nothing of values when there never were any', async () => {
    engine.freeze()
    await open()
    await pass(6_000)
    expect(banner()).toContain('No connection to Gantry since 13:26.')
    expect(banner()).not.toContain('Values')
  })

  it('is told everything anew when Gantry is back, and says for four seconds that it is', async () => {
    await open()
    await lose()
    const later = { ...printing(), name: 'Renamed' }
    engine.knows('GET printers/list', list(later))
    const before = new Set(engine.calls.map(({ route }) => route))
    engine.calls.length = 0
    engine.thaw()
    await flushPromises()
    expect(main()?.dataset.line).toBe('up')
    expect(document.querySelector('article')?.textContent).toContain('Renamed')
    expect(document.querySelector('article')?.textContent).not.toContain('old')
    expect(new Set(engine.calls.map(({ route }) => route))).toEqual(before)
    expect(text()).toContain('Connected to Gantry again.')
    await pass(4_000)
    expect(text()).not.toContain('Connected to Gantry again.')
  })

  it('says so at once when the engine is gone, counts to the next try, and tries when it is asked to', async () => {
    await open()
    engine.freeze()
    engine.status({ state: 'waiting', failures: 1, retryInMs: 500 })
    await pass(500)
    expect(banner()).toBeUndefined()
    engine.status({ state: 'waiting', failures: 2, retryInMs: 4_000 })
    await flushPromises()
    expect(banner()).toContain('since 13:26')
    expect(text()).toContain('Trying again in 4 s')
    await pass(1_500)
    expect(text()).toContain('Trying again in 3 s')
    engine.status({ state: 'connecting', failures: 2 })
    await flushPromises()
    expect(text()).toContain('Trying again…')
    button('Try now')?.click()
    expect(engine.tries).toBe(1)
  })

  it('asks everything anew after a break that was too short to speak of', async () => {
    await open()
    engine.calls.length = 0
    engine.status({ state: 'live', failures: 0 })
    await flushPromises()
    expect(engine.calls).toEqual([])
    engine.status({ state: 'waiting', failures: 1, retryInMs: 500 })
    engine.status({ state: 'live', failures: 1 })
    await flushPromises()
    expect(engine.callsOf('GET printers/list')).toHaveLength(1)
    expect(banner()).toBeUndefined()
  })

  it('lives on anything it is told, and knows no trying in Gantry’s own window', async () => {
    await open('#/', false)
    engine.freeze()
    for (let turn = 0; turn < 5; turn += 1) {
      await pass(4_000)
      engine.tell('EVENT notices/changes', { notices: [] })
    }
    expect(main()?.dataset.line).toBe('up')
    await pass(8_000)
    expect(main()?.dataset.line).toBe('down')
    expect(button('Try now')).toBeUndefined()
    expect(button('Find out why')).toBeDefined()
  })

  it('is down after a sleep until the next beat comes', async () => {
    await open()
    vi.setSystemTime(nowAt + 3_600_000)
    document.dispatchEvent(new Event('visibilitychange'))
    await flushPromises()
    expect(main()?.dataset.line).toBe('down')
    expect(banner()).toContain('since 13:26')
    await pass(2_000)
    expect(main()?.dataset.line).toBe('up')
  })

  it('where there is no heartbeat for this viewer works as ever', async () => {
    engine.refuses('EVENT system/heartbeat', 14)
    await open()
    await pass(60_000)
    expect(banner()).toBeUndefined()
    expect(button('Stop all')?.disabled).toBe(false)
  })

  it('counts on neither when an app asked last nor when a plug-in starts again', async () => {
    engine.knows('GET apps', {
      apps: [{ ...app, usedAt: nowAt - 10 * minute }],
      unwritten: [],
      silenced: [],
      keys: [],
      hasKeyword: false,
    } as never)
    const waiting = { ...plugin, state: 'waiting', reason: 'x', startsAgainAt: nowAt + 40 * 1_000 }
    engine.knows('GET plugins', { plugins: [waiting] } as never)
    await open('#/apps')
    await vi.waitFor(() => expect(text()).toContain('10 minutes ago'), patience)
    await lose()
    expect(text()).toMatch(/Next try in \d\d seconds/)
    const before = [...document.querySelectorAll('main li')].map(each => each.textContent)
    await pass(30 * minute)
    expect([...document.querySelectorAll('main li')].map(each => each.textContent)).toEqual(before)
  })

  it('says of what was never read that it comes, and nothing of the tries that led nowhere', async () => {
    engine.knows('GET contents', { servers: [], transfers: [] })
    const { router } = await open()
    await lose()
    engine.release()
    engine.refuses('GET contents', 7)
    await router.push('/library')
    await vi.waitFor(() => expect(document.querySelector('h1')?.textContent).toBe('Library'), patience)
    await flushPromises()
    expect(text()).toContain('Not known yet. This comes once Gantry is back.')
    expect(document.querySelectorAll('[role="alert"]')).toHaveLength(1)
    expect(button('Try again')).toBeUndefined()
    engine.knows('GET contents', { servers: [], transfers: [] })
    engine.thaw()
    await flushPromises()
    expect(text()).not.toContain('Not known yet')
    expect(document.querySelectorAll('[role="alert"]')).toHaveLength(0)
  })

  it('speaks German and Japanese', async () => {
    await open()
    await lose()
    speak('de')
    await flushPromises()
    expect(banner()).toContain('Keine Verbindung zu Gantry seit 13:26.')
    speak('ja')
    await flushPromises()
    expect(banner()).toContain('13:26 から Gantry につながっていません。')
  })
})

describe('what asks Gantry for something', () => {
  it('is locked with its reason while Gantry is not heard, and free again afterwards', async () => {
    await open()
    await lose()
    const stop = () => button('Stop all')
    expect(stop()?.disabled).toBe(true)
    expect(stop()?.title).toBe('No connection to Gantry since 13:26. This waits until Gantry is back.')
    engine.thaw()
    await flushPromises()
    expect(stop()?.disabled).toBe(false)
    expect(stop()?.title).toBe('')
  })

  it('leaves finding and going about as they were', async () => {
    await open()
    await lose()
    expect(button('Find Ctrl K')?.disabled).toBe(false)
    for (const link of document.querySelectorAll('nav a'))
      expect(link.getAttribute('aria-disabled')).toBeNull()
  })
})

describe('on every screen', () => {
  const switched = {
    ...aPrinter().snapshot.can,
    upload: true,
    files: true,
    macros: ['Cool down'],
    restart: 'board' as const,
  }
  const busy = aPrinter(
    { bedToClear: true, simulated: true, notes: [{ code: 'other-device', params: {} }] },
    {
      can: switched,
      faults: [{ class: 'other', severity: 'error', text: 'x', recoverBy: 'clear', since: nowAt }],
      prompt: { id: 'q', text: 'Go on?', buttons: ['Yes'] },
      machine: { state: 'printing' },
      label: 'printing',
      job: { state: 'running' },
      heardAt: nowAt,
    },
  )
  const question = {
    id: 'q',
    kind: 'access',
    origin: 'http://a',
    name: 'A',
    scopes: ['clock'],
    lifeDays: 30,
    askedAt: nowAt,
    expiresAt: nowAt + 1e9,
  }
  const server = {
    id: 's',
    name: 'NAS',
    url: 'https://nas',
    state: 'signed-out',
    isPlain: false,
    login: true,
  }
  const transfer = {
    id: 't',
    name: 'x.gcode',
    server: 'NAS',
    printerId: 'p1',
    printerName: 'Voron',
    state: 'fetching',
    receivedBytes: 1,
    sizeBytes: 2,
  }

  it.each(['#/', '#/printers/p1', '#/add-printer', '#/library', '#/apps', '#/settings'])(
    'nothing that can be pressed at %s calls Gantry while it is not heard',
    async hash => {
      engine.knows('GET printers/list', list(busy))
      engine.knows('GET printerfiles/list', { files: [{ path: 'a.gcode', name: 'a.gcode' }] } as never)
      engine.knows('GET apps', {
        apps: [app],
        unwritten: [],
        silenced: [{ origin: 'http://n', via: 'loopback', since: nowAt }],
        keys: [{ origin: 'http://k', since: nowAt }],
        hasKeyword: false,
      } as never)
      engine.knows('GET plugins', { plugins: [plugin] } as never)
      engine.knows('GET approvals', { approvals: [question] } as never)
      engine.knows('GET contents', { servers: [server], transfers: [transfer] } as never)
      engine.knows('GET notices', {
        notices: [{ id: 'n', severity: 'info', sentence: 'log-lost', params: {}, sinceAt: nowAt }],
      })
      engine.knows('GET printergroups/list', { groups: [{ id: 'g', name: 'Left', printerIds: ['p1'] }] })
      engine.knows('GET lan', {
        enabled: true,
        port: 1,
        addresses: [],
        connections: [],
        fingerprint: 'f',
      } as never)
      engine.knows('GET printersetup/drivers', {
        drivers: [{ id: 'octoprint', name: 'OctoPrint', asksForAccess: false, form: [] }],
      } as never)
      engine.knows('GET printersetup/found', {
        found: [
          {
            id: 'f',
            title: 'Found',
            via: 'mdns',
            address: 'a',
            candidates: [
              {
                driver: 'octoprint',
                driverName: 'OctoPrint',
                sure: 1,
                needs: 'nothing',
                reason: { code: 'octoprint-mdns', params: {} },
                config: {},
              },
            ],
          },
        ],
      } as never)
      await open(hash)
      await vi.waitFor(
        () => expect(document.querySelectorAll('main button').length).toBeGreaterThan(1),
        patience,
      )
      await lose()
      engine.calls.length = 0
      const pressed = new Set<string>()
      const nameOf = (each: Element) => each.getAttribute('aria-label') ?? each.textContent?.trim() ?? ''
      const pressable = () =>
        [...document.querySelectorAll<HTMLElement>('button, input[type="radio"], [role="menuitem"]')].filter(
          each => !pressed.has(nameOf(each)) && !each.matches(':disabled, [disabled], fieldset:disabled *'),
        )
      for (let each = pressable()[0]; each; each = pressable()[0]) {
        pressed.add(nameOf(each))
        each.click()
        await flushPromises()
      }
      // Whoever presses what is not locked is told that it was not sent.
      expect(text()).not.toContain('Gantry does not answer')
      for (const form of document.querySelectorAll('form')) {
        form.dispatchEvent(new Event('submit', { bubbles: true, cancelable: true }))
        await flushPromises()
      }
      expect(pressed.size).toBeGreaterThan(3)
      expect(engine.calls.filter(({ route }) => route !== 'GET availability')).toEqual([])
    },
  )
})
