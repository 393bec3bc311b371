import { flushPromises } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { findLineFault } from '../../../src/renderer/frame/line-fault.ts'
import { unreachable, wrongServer } from '../../../src/renderer/gotapi-client/index.ts'
import { createFakeBridge } from '../fakes/fake-bridge.ts'
import { openApp } from '../fakes/open-app.ts'
import { someSettings } from '../fakes/some-settings.ts'

beforeEach(() => {
  vi.useFakeTimers({
    toFake: ['Date', 'performance', 'setInterval', 'clearInterval', 'setTimeout', 'clearTimeout'],
  })
})
afterEach(() => vi.useRealTimers())

describe('why nothing is heard of Gantry', () => {
  const browser = { isInside: false, isOnline: true, host: '192.168.1.7' }
  const inside = { isInside: true, isOnline: true, host: 'gantry' }
  const yes = async () => ({ result: 0 }) as const
  const refuses = (errorCode: number) => async () => ({ result: 1, errorCode }) as const
  const never = () => new Promise<never>(() => {})

  it.each([
    ['half of it works when calls are answered', yes, browser, 'half'],
    ['half of it works when a call is refused: somebody said so', refuses(16), browser, 'half'],
    ['half of it works in Gantry’s own window, too', yes, inside, 'half'],
    ['nobody is there when nothing answers', refuses(unreachable), browser, 'nobody'],
    ['nobody is there when somebody else answers', refuses(wrongServer), browser, 'nobody'],
    ['the window is left alone when nothing answers inside', refuses(unreachable), inside, 'inside'],
    ['this device has no network', yes, { ...browser, isOnline: false }, 'offline'],
    [
      'on this computer no network is needed',
      yes,
      { ...browser, isOnline: false, host: '127.0.0.1' },
      'half',
    ],
    [
      'by this computer’s name no network is needed',
      refuses(unreachable),
      { ...browser, isOnline: false, host: 'localhost' },
      'nobody',
    ],
    ['by its IPv6 address no network is needed', yes, { ...browser, isOnline: false, host: '[::1]' }, 'half'],
    ['the window needs no network', refuses(unreachable), { ...inside, isOnline: false }, 'inside'],
  ] as const)('%s', async (_what, ask, page, fault) => {
    expect(await findLineFault(ask, page)).toBe(fault)
  })

  it('asks nobody where there is no network', async () => {
    const ask = vi.fn(yes)
    await findLineFault(ask, { ...browser, isOnline: false })
    expect(ask).not.toHaveBeenCalled()
  })

  it.each([
    ['a browser is told that it is mute', browser, 'mute'],
    ['the window that it is left alone', inside, 'inside'],
  ] as const)('waits four seconds for an answer, then %s', async (_what, page, fault) => {
    let found: string | undefined
    void findLineFault(never, page).then(told => {
      found = told
    })
    await vi.advanceTimersByTimeAsync(3_900)
    expect(found).toBeUndefined()
    await vi.advanceTimersByTimeAsync(200)
    expect(found).toBe(fault)
  })
})

describe('“Find out why” beside the banner', () => {
  let engine = createFakeBridge()
  let unmount = () => {}
  const dialog = () => document.querySelector('[role="dialog"]')?.textContent?.replaceAll(/\s+/g, ' ') ?? ''
  const button = (words: string) =>
    [...document.querySelectorAll('button')].find(each => each.textContent?.trim() === words)
  async function pass(ms: number) {
    await vi.advanceTimersByTimeAsync(ms)
    await flushPromises()
  }
  async function press(words: string) {
    button(words)?.click()
    await flushPromises()
  }

  beforeEach(async () => {
    localStorage.clear()
    engine = createFakeBridge()
    engine.knows('GET availability', {})
    engine.knows('GET settings', someSettings({ language: 'en' }))
    engine.knows('GET notices', { notices: [] })
    engine.knows('GET approvals', { approvals: [] })
    const { wrapper } = await openApp(engine, engine.browserBridge)
    unmount = () => wrapper.unmount()
    engine.freeze()
    await pass(8_000)
  })
  afterEach(() => unmount())

  it('asks Gantry, says what came of it and what to do, and looks again when it is told to', async () => {
    await press('Find out why')
    expect(dialog()).toContain('Trying to reach Gantry…')
    expect(button('Look again')?.disabled).toBe(true)
    await pass(4_000)
    expect(dialog()).toContain(`${location.host} was asked and says nothing.`)
    expect(dialog()).toContain('prints over USB go on by themselves')
    expect(button('Look again')?.disabled).toBe(false)

    engine.release()
    engine.refuses('GET availability', unreachable)
    await press('Look again')
    expect(dialog()).toContain(`Nothing answers at ${location.host}.`)

    engine.knows('GET availability', {})
    engine.hold()
    await press('Look again')
    expect(dialog()).toContain('Trying to reach Gantry…')
    expect(dialog()).not.toContain('Nothing answers')
    engine.release()
    await pass(0)
    expect(dialog()).toContain('Gantry answers, but its live news does not come through.')
    expect(engine.callsOf('GET availability').length).toBeGreaterThan(2)
  })
})
