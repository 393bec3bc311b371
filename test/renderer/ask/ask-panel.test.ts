import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import AskApp from '../../../src/renderer/ask/AskApp.vue'
import type { Question } from '../../../src/renderer/stores/questions.ts'
import { createFakeBridge } from '../fakes/fake-bridge.ts'
import { type MountedPage, mountPage } from '../fakes/mount-page.ts'

const now = new Date(2026, 10, 21, 13, 0).getTime()

const asked = {
  id: 'q1',
  origin: 'http://board.workshop.lan',
  via: 'loopback' as const,
  name: 'Shift board',
  askedAt: now,
  expiresAt: now + 60_000,
}

const question = (over: Partial<Extract<Question, { kind: 'access' }>> = {}): Question => ({
  ...asked,
  kind: 'access',
  scopes: ['3dprinter', 'lathe'],
  lifeDays: 30,
  ...over,
})

const clock = { id: 'clock', name: 'Clock', manufacturer: 'Tick & Co', profiles: ['clock', 'alarm'] }

let engine = createFakeBridge()
let page: MountedPage

async function show(...questions: Question[]) {
  engine.knows('GET approvals', { approvals: questions })
  engine.knows('PUT approvals/decision', {})
  page = await mountPage(AskApp, engine)
}

async function pass(ms: number) {
  await vi.advanceTimersByTimeAsync(ms)
}

const decisions = () => engine.callsOf('PUT approvals/decision')

beforeEach(() => {
  vi.useFakeTimers({ now })
  engine = createFakeBridge()
})

afterEach(() => {
  page.wrapper.unmount()
  vi.useRealTimers()
})

describe('the permission window', () => {
  it('says which app asks, from where, for what in plain words, what it did not ask for, and for how long', async () => {
    await show(question())
    for (const words of [
      'Shift board',
      'http://board.workshop.lan',
      'See printers and print',
      'Use "lathe"',
      'Move, heat and stop printers',
      'not asked',
      'at most 30 days',
    ]) {
      expect(page.text()).toContain(words)
    }
  })

  it('lets nobody allow within the first half second, but always deny', async () => {
    await show(question())
    await page.press('Allow')
    await page.press('Only this once')
    expect(decisions()).toEqual([])
    expect(page.button('Allow').disabled).toBe(true)
    expect(page.button('Deny').disabled).toBe(false)
    await pass(500)
    await page.press('Allow')
    expect(decisions()).toEqual([{ id: 'q1', decision: 'allow' }])
  })

  it('guards again whenever the window comes to the front', async () => {
    await show(question())
    await pass(500)
    window.dispatchEvent(new Event('focus'))
    await page.settle()
    await page.press('Allow')
    expect(decisions()).toEqual([])
  })

  it('has no button that Enter would press', async () => {
    await show(question())
    await pass(500)
    expect(document.activeElement?.tagName).not.toBe('BUTTON')
    expect(page.button('Allow').type).toBe('button')
    expect(document.querySelector('form')).toBeNull()
  })

  it('takes Escape for no', async () => {
    await show(question())
    window.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape' }))
    await page.settle()
    expect(decisions()).toEqual([{ id: 'q1', decision: 'deny' }])
  })

  it('counts down and stops allowing when the time is up', async () => {
    await show(question({ expiresAt: now + 3000 }))
    expect(page.text()).toContain('denied in 3 seconds')
    await pass(2000)
    expect(page.text()).toContain('denied in 1 second.')
    await pass(1000)
    expect(page.button('Allow').disabled).toBe(true)
  })

  it('guards the next question anew when two ask', async () => {
    await show(question(), question({ id: 'q2', name: 'Other app' }))
    await pass(600)
    await page.press('Only this once')
    engine.tell('EVENT approvals', { approvals: [question({ id: 'q2', name: 'Other app' })] })
    await page.settle()
    expect(page.text()).toContain('Other app')
    await page.press('Allow')
    expect(decisions()).toEqual([{ id: 'q1', decision: 'once' }])
  })

  it('shows a decision on its way as pending and sends it once', async () => {
    await show(question())
    await pass(500)
    engine.hold()
    await page.press('Allow')
    await page.press('Allow')
    expect(page.text()).toContain('Telling the app')
    expect(decisions()).toHaveLength(1)
    engine.release()
  })

  it('says so when the question is over', async () => {
    await show()
    expect(page.text()).toContain('This request is over')
    expect(() => page.button('Allow')).toThrow()
  })

  it('shows what a name with markup is: a name', async () => {
    await show(question({ name: '<img src=x onerror=alert(1)>' }))
    expect(page.text()).toContain('<img src=x onerror=alert(1)>')
    expect(document.querySelector('img')).toBeNull()
  })

  it('shows the keyword, or that there is none, and only closes', async () => {
    await show({ ...asked, kind: 'keyword', keyword: 'blue heron' })
    expect(page.text()).toContain('blue heron')
    expect(() => page.button('Allow')).toThrow()
    engine.tell('EVENT approvals', {
      approvals: [{ ...asked, id: 'q2', kind: 'keyword', keyword: '' }],
    })
    await page.settle()
    expect(page.text()).toContain('You have not chosen a keyword')
  })

  it('says when it is another device that asks, and which', async () => {
    await show(question({ via: 'lan', address: '192.168.0.7' }))
    expect(page.text()).toContain('from another device on the network, 192.168.0.7.')
    engine.tell('EVENT approvals', { approvals: [question({ id: 'q2', via: 'lan' })] })
    await page.settle()
    expect(page.text()).toContain('from another device on the network.')
    engine.tell('EVENT approvals', { approvals: [question({ id: 'q3' })] })
    await page.settle()
    expect(page.text()).not.toContain('another device')
  })

  it.each([
    question(),
    { ...asked, kind: 'key' as const },
    { ...asked, kind: 'keyword' as const, keyword: '' },
    { ...asked, kind: 'plugin' as const, plugin: clock },
  ])('can be told never to be asked again, after the same half second: $kind', async one => {
    await show(one)
    await page.press('Never let this app ask again')
    expect(decisions()).toEqual([])
    await pass(500)
    await page.press('Never let this app ask again')
    expect(decisions()).toEqual([{ id: 'q1', decision: 'never' }])
  })

  it('asks before a key is paired', async () => {
    await show({ ...asked, kind: 'key' })
    await pass(500)
    await page.press('Pair')
    expect(decisions()).toEqual([{ id: 'q1', decision: 'allow' }])
  })

  it('asks whether an app may use a plug-in: which app, which plug-in, for what, by whom, for how long', async () => {
    await show({ ...asked, kind: 'plugin', plugin: clock })
    for (const words of [
      'An app wants to use a plug-in',
      'Shift board',
      'http://board.workshop.lan',
      'Use the plug-in "Clock"',
      'services: clock, alarm',
      'by Tick & Co',
      'did not come with Gantry',
      'Until you take it back',
    ]) {
      expect(page.text()).toContain(words)
    }
    expect(page.text()).not.toContain('not asked')
  })

  it('guards that question the same half second, and offers the same three answers', async () => {
    await show({ ...asked, kind: 'plugin', plugin: { ...clock, manufacturer: '' } })
    expect(page.text()).not.toContain('by ')
    await page.press('Allow')
    expect(decisions()).toEqual([])
    await pass(500)
    await page.press('Only this once')
    await page.press('Allow')
    await page.press('Deny')
    const told = ['once', 'allow', 'deny'].map(decision => ({ id: 'q1', decision }))
    expect(decisions()).toEqual(told)
  })
})
