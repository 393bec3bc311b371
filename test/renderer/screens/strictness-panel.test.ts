import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import StrictnessPanel from '../../../src/renderer/screens/settings/StrictnessPanel.vue'
import { createFakeBridge } from '../fakes/fake-bridge.ts'
import { type MountedPage, mountPage } from '../fakes/mount-page.ts'
import { someSettings } from '../fakes/some-settings.ts'

let engine = createFakeBridge()
let page: MountedPage | undefined

beforeEach(() => {
  engine = createFakeBridge()
})
afterEach(() => page?.wrapper.unmount())

async function show() {
  engine.knows('GET settings', someSettings({ grantedDays: 14, hostNames: ['shop.lan'] }))
  engine.knows('PUT settings', someSettings())
  page = await mountPage(StrictnessPanel, engine)
  return page
}

const field = (label: string) => {
  const found = [...document.querySelectorAll('label')].find(each => each.textContent?.trim() === label)
  const input = found?.querySelector('input') ?? document.getElementById(found?.htmlFor ?? '')
  if (!(input instanceof HTMLInputElement)) throw new Error(`There is no field "${label}".`)
  return input
}

describe('how strict Gantry is with apps', () => {
  it('is shown as the engine has it', async () => {
    await show()
    expect(field('Days a permission holds').value).toBe('14')
    expect(field('Other names of this computer').value).toBe('shop.lan')
    expect(field('As each app expects').checked).toBe(true)
  })

  it('is changed by the form, the names of this computer as a list', async () => {
    const { press } = await show()
    const days = field('Days a permission holds')
    days.value = '7'
    days.dispatchEvent(new Event('input'))
    const names = field('Other names of this computer')
    names.value = 'shop.lan, bench.lan'
    names.dispatchEvent(new Event('input'))
    await press('Save')
    expect(engine.callsOf('PUT settings')).toEqual([
      { grantedDays: 7, requestsPerSecond: 1_000, hostNames: ['shop.lan', 'bench.lan'] },
    ])
  })

  it('is changed by its switches, one at a time', async () => {
    await show()
    const [first] = document.querySelectorAll<HTMLButtonElement>('[role="switch"]')
    first?.click()
    await page?.settle()
    expect(engine.callsOf('PUT settings')).toEqual([{ allowNullOrigin: true }])
  })
})
