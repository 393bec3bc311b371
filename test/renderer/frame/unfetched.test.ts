import { flushPromises } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { h } from 'vue'
import type { Router } from 'vue-router'
import { createFakeBridge } from '../fakes/fake-bridge.ts'
import { openApp, patience } from '../fakes/open-app.ts'
import { someSettings } from '../fakes/some-settings.ts'

let engine = createFakeBridge()
let router: Router
let unmount = () => {}
let isThere = false

const text = () => document.querySelector('main')?.textContent?.replaceAll(/\s+/g, ' ') ?? ''
const button = (words: string) =>
  [...document.querySelectorAll<HTMLElement>('button, a')].find(each => each.textContent?.trim() === words)

async function go(path: string) {
  await router.push(path).catch(() => {})
  await flushPromises()
}

beforeEach(async () => {
  localStorage.clear()
  isThere = false
  engine = createFakeBridge()
  engine.knows('GET availability', {})
  engine.knows('GET settings', someSettings({ language: 'en' }))
  engine.knows('GET notices', { notices: [] })
  engine.knows('GET approvals', { approvals: [] })
  const opened = await openApp(engine, engine.browserBridge)
  router = opened.router
  unmount = () => opened.wrapper.unmount()
  // What a screen throws is told to nobody here.
  opened.wrapper.vm.$.appContext.config.errorHandler = () => {}
  router.addRoute({
    path: '/far',
    component: async () => {
      if (!isThere) throw new TypeError('Failed to fetch dynamically imported module')
      return { render: () => h('h1', 'The far screen') }
    },
  })
})
afterEach(() => unmount())

it('a screen that fails is replaced by a sentence, also when it is opened anew, and every other one opens', async () => {
  let isBroken = true
  router.addRoute({
    path: '/broken',
    component: {
      render: () => {
        if (isBroken) throw new Error('of this screen')
        return h('h1', 'Mended')
      },
    },
  })
  await go('/broken')
  expect(text()).toContain('This screen stopped working')
  await go('/queue')
  await vi.waitFor(() => expect(document.querySelector('h1')?.textContent).toBe('Queue'), patience)
  await go('/broken')
  expect(text()).toContain('This screen stopped working')
  isBroken = false
  await go('/broken')
  expect(text()).toContain('Mended')
})

describe('a screen that was never opened and cannot be had', () => {
  it('says so, and opens by itself once Gantry is back', async () => {
    await go('/far')
    expect(text()).toContain('Gantry would have to send it first, and does not answer.')
    expect(text()).not.toContain('stopped working')
    isThere = true
    engine.status({ state: 'live', failures: 1 })
    await flushPromises()
    expect(text()).toContain('The far screen')
    expect(router.currentRoute.value.path).toBe('/far')
  })

  it('stays where it is while Gantry is back without it, and comes when it is asked for again', async () => {
    await go('/far')
    engine.status({ state: 'live', failures: 1 })
    await flushPromises()
    expect(text()).toContain('Gantry would have to send it first')
    isThere = true
    button('Try again')?.click()
    await flushPromises()
    expect(text()).toContain('The far screen')
  })

  it('gives way to the screen that was there before, and does not open later', async () => {
    await go('/far')
    button('Printers')?.click()
    await flushPromises()
    expect(document.querySelector('h1')?.textContent).toBe('Printers')
    isThere = true
    engine.status({ state: 'live', failures: 1 })
    await flushPromises()
    expect(document.querySelector('h1')?.textContent).toBe('Printers')
  })

  it('offers to load the page anew only while Gantry is heard: without it the page would be gone', async () => {
    await go('/far')
    expect(button('Load again')).toBeDefined()
    engine.status({ state: 'waiting', failures: 2, retryInMs: 4_000 })
    await flushPromises()
    expect(button('Load again')).toBeUndefined()
    expect(text()).toContain('No connection to Gantry since')
  })
})
