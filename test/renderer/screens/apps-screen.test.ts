import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import type { RouteResult } from '../../../src/main/contract/routes.ts'
import AppsScreen from '../../../src/renderer/screens/apps/AppsScreen.vue'
import { createFakeBridge } from '../fakes/fake-bridge.ts'
import { type MountedPage, mountPage } from '../fakes/mount-page.ts'

type Apps = RouteResult<'GET apps'>
type App = Apps['apps'][number]
type Plugin = RouteResult<'GET plugins'>['plugins'][number]

const day = 86_400_000
let engine = createFakeBridge()
let page: MountedPage | undefined

const nothing: Apps = { apps: [], unwritten: [], silenced: [], keys: [], hasKeyword: false }

const board = (over: Partial<App> = {}): App => ({
  clientId: 'c1',
  origin: 'http://board.workshop.lan',
  via: 'loopback',
  name: 'Shift board',
  own: false,
  once: false,
  scopes: [{ scope: '3dprinter', expiresAt: Date.now() + 20 * day }],
  plugins: [],
  since: Date.now() - day,
  usedAt: Date.now() - 5 * 60_000,
  requestsToday: 412,
  keepLineOpen: false,
  live: true,
  follows: 1,
  ...over,
})

const clock = (over: Partial<Plugin> = {}): Plugin => ({
  id: 'clock',
  name: 'Clock',
  version: '1.0.0',
  about: 'Tells the time.',
  builtIn: false,
  enabled: true,
  state: 'running',
  reason: '',
  restarts: 0,
  profiles: ['clock'],
  services: [],
  ...over,
})

async function show(apps: Partial<Apps> = {}, plugins: Plugin[] = []): Promise<MountedPage> {
  engine.knows('GET apps', { ...nothing, ...apps })
  engine.knows('GET plugins', { plugins })
  engine.knows('GET approvals', { approvals: [] })
  page = await mountPage(AppsScreen, engine)
  return page
}

beforeEach(() => {
  engine = createFakeBridge()
})

afterEach(() => page?.wrapper.unmount())

describe('the Apps screen', () => {
  it('says what will be there while nobody has access', async () => {
    const { text } = await show()
    expect(text()).toContain('No app has access')
    expect(text()).toContain('No plug-in is installed')
  })

  it('lists who may do what, when it was last used, how often today, and whether it is connected', async () => {
    const { text } = await show({ apps: [board()] })
    for (const words of [
      'Shift board',
      'http://board.workshop.lan',
      'See printers and print',
      'last used 5 minutes ago',
      '412 requests today',
      'connected',
    ]) {
      expect(text()).toContain(words)
    }
  })

  it("keeps Gantry's own viewers apart from applications", async () => {
    const { text } = await show({ apps: [board({ own: true, name: 'Gantry' })] })
    expect(text()).toContain('No app has access')
    expect(text()).toContain("Gantry's own windows, browsers and tools")
  })

  it('revokes by one press, and the row goes when the engine says so, not before', async () => {
    const { press, settle, text } = await show({ apps: [board()] })
    engine.knows('DELETE apps/client', { written: true })
    await press('Revoke access of Shift board')
    expect(engine.callsOf('DELETE apps/client')).toEqual([{ clientId: 'c1' }])
    expect(text()).toContain('Shift board')
    engine.tell('EVENT apps', nothing)
    await settle()
    expect(text()).not.toContain('Shift board')
  })

  it('shows under an app the plug-ins it may use, each with a revoke of its own', async () => {
    const plugins = [
      { id: 'clock', name: 'Clock', once: false, since: 0 },
      { id: 'echo', name: 'Echo', once: true, since: 0 },
    ]
    const { press, text } = await show({ apps: [board({ plugins })] })
    expect(text()).toContain('Clock')
    expect(text()).toContain('Echo (only this once)')
    engine.knows('DELETE apps/plugin', { written: true })
    await press('Revoke that Shift board may use Echo')
    expect(engine.callsOf('DELETE apps/plugin')).toEqual([{ clientId: 'c1', pluginId: 'echo' }])
  })

  it('keeps the line of one app open by a switch, and shows what the engine says, not what was pressed', async () => {
    const own = board({ clientId: 'c3', own: true, name: 'Phone' })
    const { press, settle } = await show({ apps: [board(), own] })
    const isOn = () =>
      [...document.querySelectorAll('[role=switch]')].flatMap(each =>
        each.getAttribute('aria-label')?.startsWith('Keep') ? [each.getAttribute('aria-checked')] : [],
      )
    expect(isOn()).toEqual(['false'])
    engine.knows('PUT apps/line', {})
    await press('Keep its live connection open: Shift board')
    expect(engine.callsOf('PUT apps/line')).toEqual([{ clientId: 'c1', keepOpen: true }])
    expect(isOn()).toEqual(['false'])
    engine.tell('EVENT apps', { ...nothing, apps: [board({ keepLineOpen: true })] })
    await settle()
    expect(isOn()).toEqual(['true'])
    await press('Keep its live connection open: Shift board')
    expect(engine.callsOf('PUT apps/line').at(-1)).toEqual({ clientId: 'c1', keepOpen: false })
  })

  it('tells an app of another device from one of this computer, and says nothing of the owner’s own', async () => {
    const own = board({ clientId: 'c3', via: 'lan', own: true, name: 'Phone' })
    const { text } = await show({ apps: [board(), own] })
    expect(text()).not.toContain('on another device')
    engine.tell('EVENT apps', { ...nothing, apps: [board(), board({ clientId: 'c2', via: 'lan' })] })
    await page?.settle()
    expect(text()).toContain('http://board.workshop.lan · on another device')
  })

  it('says what was revoked and is not on the disk, for as long as that is so', async () => {
    const end = { clientId: 'c1', origin: 'http://board.workshop.lan', name: 'Shift board', since: 0 }
    const { settle, text } = await show({
      unwritten: [end, { ...end, plugin: { id: 'echo', name: 'Echo' } }],
    })
    for (const words of ['after a restart it would be allowed again', 'Shift board and the plug-in Echo']) {
      expect(text()).toContain(words)
    }
    expect(document.querySelector('[role=alert] li')?.textContent?.trim()).toBe('Shift board')
    engine.tell('EVENT apps', nothing)
    await settle()
    expect(text()).not.toContain('not on the disk')
  })

  it('lists who may not ask, since when and from where, and lets one ask again', async () => {
    const silenced = [
      { origin: 'http://nag.test', via: 'loopback' as const, since: 0 },
      { origin: 'http://other.test', via: 'lan' as const, since: 0 },
    ]
    const { settle, text, press } = await show({ silenced })
    expect(text()).toContain('Apps that may not ask')
    expect(text()).toMatch(/http:\/\/other\.test\s*on another device · since/)
    engine.knows('DELETE apps/silenced', {})
    await press('Let http://other.test ask again')
    expect(engine.callsOf('DELETE apps/silenced')).toEqual([{ origin: 'http://other.test', via: 'lan' }])
    engine.tell('EVENT apps', nothing)
    await settle()
    expect(text()).not.toContain('Apps that may not ask')
  })

  it('shows a revocation on its way on its own button', async () => {
    const { press, button } = await show({ apps: [board()] })
    engine.hold()
    await press('Revoke access of Shift board')
    expect(button('Revoke access of Shift board').textContent).toContain('Revoking…')
    engine.release()
  })

  it('says in a sentence why something was refused', async () => {
    const { press, text } = await show({ apps: [board()] })
    engine.refuses('DELETE apps/client', 14)
    await press('Revoke access of Shift board')
    expect(text()).toContain('This page may not do that')
  })

  it('says why there is no list, and asks again on request', async () => {
    engine.refuses('GET apps', -1)
    engine.knows('GET plugins', { plugins: [] })
    page = await mountPage(AppsScreen, engine)
    expect(page.text()).toContain('Gantry does not answer')
    engine.knows('GET apps', { ...nothing, apps: [board()] })
    await page.press('Try again')
    expect(page.text()).toContain('Shift board')
  })

  it('stops following when it is left', async () => {
    const { wrapper } = await show()
    expect(engine.followers('EVENT apps')).toBe(1)
    wrapper.unmount()
    page = undefined
    expect(engine.followers('EVENT apps')).toBe(0)
    expect(engine.followers('EVENT plugins')).toBe(0)
  })
})

describe('plug-ins', () => {
  it('says of each how it is and why', async () => {
    const { text } = await show({}, [
      clock(),
      clock({ id: 'x', name: 'Broken', state: 'given-up', reason: 'it stopped five times', restarts: 5 }),
      clock({ id: 'y', name: 'Odd', state: 'invalid', reason: 'no name' }),
    ])
    for (const words of ['Running', 'Stopped too often', 'it stopped five times', 'Kept out', '5 times']) {
      expect(text()).toContain(words)
    }
  })

  it('says of one that fell over why, and when it is tried again', async () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    onTestFinished(() => void vi.useRealTimers())
    const startsAgainAt = Date.now() + 3_900
    const { text } = await show({}, [
      clock({ state: 'waiting', reason: 'It was ended by SIGKILL.', restarts: 1, startsAgainAt }),
    ])
    for (const words of ['Starts again soon', 'It was ended by SIGKILL.', 'Next try in 4 seconds.']) {
      expect(text()).toContain(words)
    }
  })

  it('switches one off, and starts one again that gave up', async () => {
    const { press } = await show({}, [clock(), clock({ id: 'x', name: 'Broken', state: 'given-up' })])
    engine.knows('PUT plugins/enabled', { plugins: [] })
    engine.knows('POST plugins/restart', { plugins: [] })
    await press('Use Clock')
    await press('Start again')
    expect(engine.callsOf('PUT plugins/enabled')).toEqual([{ id: 'clock', enabled: false }])
    expect(engine.callsOf('POST plugins/restart')).toEqual([{ id: 'x' }])
  })
})

describe('keys and keyword', () => {
  const type = (label: string, value: string) => {
    const fields = [...document.querySelectorAll('label')].filter(
      ({ textContent }) => textContent?.trim() === label,
    )
    const field = document.getElementById(fields[0]?.htmlFor ?? '')
    if (!(field instanceof HTMLInputElement)) throw new Error(`There is no field "${label}".`)
    field.value = value
    field.dispatchEvent(new Event('input', { bubbles: true }))
  }
  const submit = (index: number) =>
    document.querySelectorAll('form')[index]?.dispatchEvent(new Event('submit', { cancelable: true }))

  it('pairs a key and clears the form', async () => {
    const { settle } = await show()
    engine.knows('PUT apps/key', {})
    type('Address of the app', 'http://a')
    type('Key', 'ab'.repeat(16))
    await settle()
    submit(0)
    await settle()
    expect(engine.callsOf('PUT apps/key')).toEqual([{ origin: 'http://a', key: 'ab'.repeat(16) }])
  })

  it('says what a key looks like while it does not', async () => {
    const { settle, text, button } = await show()
    type('Key', 'xyz')
    await settle()
    expect(text()).toContain('32 to 128 digits')
    expect(button('Pair').disabled).toBe(true)
  })

  it('shows the keyword that is set and saves another', async () => {
    engine.knows('GET apps/keyword', { keyword: 'blue heron' })
    engine.knows('PUT apps/keyword', {})
    const { settle, text } = await show({ hasKeyword: true })
    type('Keyword', 'red kite')
    await settle()
    submit(1)
    await settle()
    expect(engine.callsOf('PUT apps/keyword')).toEqual([{ keyword: 'red kite' }])
    expect(text()).toContain('The keyword is set.')
  })
})
