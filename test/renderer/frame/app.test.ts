import { flushPromises } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { paletteIsOpen, shortcutsAreOpen } from '../../../src/renderer/frame/panels.ts'
import type { SessionState } from '../../../src/renderer/stores/session.ts'
import { useViewer } from '../../../src/renderer/stores/viewer.ts'
import { aFeed, aPrinter } from '../fakes/a-printer.ts'
import { createFakeBridge } from '../fakes/fake-bridge.ts'
import { openApp, patience } from '../fakes/open-app.ts'
import { someSettings } from '../fakes/some-settings.ts'

let engine = createFakeBridge()
let unmount = () => {}

async function open(hash = '#/', state: SessionState = 'in') {
  const { wrapper, router } = await openApp(engine, engine.bridge, hash, state)
  unmount = () => wrapper.unmount()
  return { wrapper, router }
}

const press = async (key: string, more: KeyboardEventInit = {}) => {
  for (const part of key) {
    document.body.dispatchEvent(
      new KeyboardEvent('keydown', { key: part, bubbles: true, cancelable: true, ...more }),
    )
  }
  await flushPromises()
}
const heading = () => document.querySelector('h1')?.textContent
const text = () => document.body.textContent ?? ''

beforeEach(() => {
  localStorage.clear()
  paletteIsOpen.value = false
  shortcutsAreOpen.value = false
  engine = createFakeBridge()
  engine.knows('GET availability', {})
  engine.knows('GET settings', someSettings({ theme: 'light', language: 'en' }))
  engine.knows('GET notices', { notices: [] })
  engine.knows('GET approvals', { approvals: [] })
})

afterEach(() => {
  unmount()
  vi.useRealTimers()
})

describe('the frame', () => {
  it('keeps in a browser what that browser chose, and takes Gantry’s own look for the rest', async () => {
    await open()
    expect(document.documentElement.classList.contains('dark')).toBe(false)
    const viewer = useViewer()
    viewer.choose({ theme: 'dark' })
    await flushPromises()
    expect(document.documentElement.classList.contains('dark')).toBe(true)
    engine.tell('EVENT settings/changes', someSettings({ theme: 'light', language: 'de' }))
    await flushPromises()
    expect(document.documentElement.classList.contains('dark')).toBe(true)
    expect(document.documentElement.lang).toBe('de')
    unmount()
    await open()
    expect(document.documentElement.classList.contains('dark')).toBe(true)
    expect(engine.callsOf('PUT settings')).toEqual([])
  })

  it('says how many printers there are, how many answer, and how what this computer feeds is doing', async () => {
    const scopes = ['printers', 'printersetup']
    engine.knows('GET servicediscovery', {
      services: [{ id: 'room', serviceId: 'room', name: 'Room', online: true, scopes }],
    })
    const fed = (id: string, underruns: number, live = true) => {
      const printer = aPrinter({ id })
      const can = { ...printer.snapshot.can, stream: true }
      const feed = { ...aFeed, live, underruns }
      return { ...printer, snapshot: { ...printer.snapshot, can, feed } }
    }
    const gone = aPrinter({ id: 'd' }, { link: { state: 'offline', since: 1 }, label: 'offline' })
    const printers = [fed('a', 0), fed('b', 2), fed('c', 7, false), gone]
    engine.knows('GET printers/list', { sequence: 1, at: Date.now(), full: true, printers, removed: [] })
    await open()
    const status = document.querySelector('aside')?.textContent?.replaceAll(/\s+/g, ' ')
    expect(status).toContain('4 printers, 3 reached')
    expect(status).toContain('USB streams: 2, underruns 2')
  })

  it.each([
    ['q', 'Queue'],
    ['l', 'Library'],
    ['f', 'Fleet'],
    ['a', 'Apps'],
    ['s', 'Settings'],
    ['p', 'Printers'],
  ])('goes by G %s to %s and says so in the title', async (key, name) => {
    await open(key === 'p' ? '#/queue' : '#/')
    await press(`g${key}`)
    await vi.waitFor(() => expect(heading()).toBe(name), patience)
    expect(document.title).toBe(`${name} – Gantry`)
    expect(document.querySelector('nav [aria-current="page"]')?.textContent).toContain(name)
  })

  it('opens the palette by Ctrl K, with a name for those who cannot see it', async () => {
    await open()
    await press('k', { ctrlKey: true })
    expect(document.querySelector('[role="dialog"] [role="listbox"]')?.getAttribute('aria-label')).toBe(
      'Find and do',
    )
  })

  it('lists the keys by ?', async () => {
    await open()
    await press('?')
    expect(text()).toContain('What the keyboard does')
  })

  it('leads from an unknown address back to the printers', async () => {
    await open('#/nowhere')
    expect(text()).toContain('The address "/nowhere" leads nowhere in Gantry')
    expect([...document.querySelectorAll('main a')].map(link => link.getAttribute('href'))).toContain('#/')
  })

  it('says that Gantry runs, and by which name', async () => {
    engine.knows('GET availability', { name: 'Workshop' })
    await open()
    expect(text()).toContain('Gantry runs on this computer')
    expect(text()).toContain('Workshop')
  })

  it('wears theme and language as the engine tells them, at once', async () => {
    await open()
    expect(document.documentElement.classList.contains('dark')).toBe(false)
    engine.tell('EVENT settings/changes', someSettings({ theme: 'dark', language: 'ja' }))
    await flushPromises()
    expect(document.documentElement.classList.contains('dark')).toBe(true)
    expect(document.documentElement.lang).toBe('ja')
    expect(heading()).toBe('プリンター')
  })

  it('shows what the owner must be told until it is put away', async () => {
    engine.knows('GET notices', {
      notices: [
        {
          id: 'n1',
          severity: 'error',
          sentence: 'store-begun-anew',
          params: { asideFile: '/data/old.db' },
          sinceAt: 0,
        },
      ],
    })
    engine.knows('DELETE notices', { notices: [] })
    await open()
    expect(text()).toContain('The damaged file is kept at /data/old.db')
    document.querySelector<HTMLButtonElement>('[aria-label="Put this notice away"]')?.click()
    await flushPromises()
    expect(engine.callsOf('DELETE notices')).toEqual([{ id: 'n1' }])
  })

  it('counts the questions that wait beside Apps', async () => {
    await open()
    engine.tell('EVENT approvals', {
      approvals: [
        {
          id: 'q',
          kind: 'access',
          origin: 'http://a',
          via: 'loopback',
          name: 'A',
          scopes: ['clock'],
          lifeDays: 30,
          askedAt: 0,
          expiresAt: 1,
        },
      ],
    })
    await flushPromises()
    expect(document.querySelector('nav')?.textContent).toContain('1 request waits')
  })
})

describe('a browser that is not signed in', () => {
  it.each([
    ['out', 'npx gantry link'],
    ['refused', 'This link was used already'],
    ['away', 'Gantry does not answer'],
  ] as const)('that is %s reads: %s', async (state, words) => {
    await open('#/', state)
    expect(text()).toContain(words)
    expect(document.querySelector('nav')).toBeNull()
    expect(engine.calls.filter(({ route }) => route !== 'GET availability')).toEqual([])
  })
})
