import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { RouteResult } from '../../../src/main/contract/routes.ts'
import { speak } from '../../../src/renderer/i18n/index.ts'
import AddPrinterScreen from '../../../src/renderer/screens/add-printer/AddPrinterScreen.vue'
import { createFakeBridge } from '../fakes/fake-bridge.ts'
import { type MountedPage, mountPage } from '../fakes/mount-page.ts'

type Found = RouteResult<'GET printersetup/found'>['found'][number]

let engine = createFakeBridge()
let page: MountedPage

const room = {
  id: 'room.3dp',
  serviceId: 'room.3dp',
  name: 'Room',
  online: true,
  scopes: ['printers', 'printersetup'],
}
const url = 'http://192.168.1.48'
const address = { key: 'url', label: 'Address', kind: 'url', required: true } as const
const drivers = [
  {
    id: 'octoprint',
    name: 'OctoPrint',
    asksForAccess: true,
    form: [address, { key: 'apiKey', label: 'Application key', kind: 'secret', required: true } as const],
  },
  {
    id: 'prusalink',
    name: 'PrusaLink',
    asksForAccess: false,
    form: [address, { key: 'password', label: 'Password', kind: 'secret', required: true } as const],
  },
  {
    id: 'marlin',
    name: 'USB printer',
    asksForAccess: false,
    form: [{ key: 'port', label: 'Port', kind: 'port', required: true } as const],
  },
]

function seen(driver: string, needs: Found['candidates'][number]['needs'], over: Partial<Found> = {}): Found {
  const config: Record<string, string> = driver === 'marlin' ? { port: '/dev/ttyUSB0' } : { url }
  return {
    id: driver,
    via: 'mdns',
    title: `My ${driver}`,
    address: '192.168.1.48:80',
    seenAt: 1,
    candidates: [
      {
        driver,
        driverName: driver,
        sure: 0.9,
        why: `It answers as ${driver} does.`,
        reason: { code: 'answers', params: { what: driver } },
        needs,
        config,
      },
    ],
    ...over,
  }
}

async function show(...found: Found[]): Promise<void> {
  engine.knows('GET servicediscovery', { services: [room] })
  engine.knows('GET printers/list', { sequence: 1, at: 1, full: true, printers: [], removed: [] })
  engine.knows('GET printersetup/drivers', { drivers })
  engine.knows('GET printersetup/found', { found })
  engine.knows('POST printersetup/add', { printerId: 'p1', printerServiceId: 'p1.3dp' })
  page = await mountPage(AddPrinterScreen, engine)
}

async function type(label: string, text: string): Promise<void> {
  const found = [...document.querySelectorAll('label')].find(each => each.textContent?.trim() === label)
  const field = document.getElementById(found?.getAttribute('for') ?? '')
  if (!(field instanceof HTMLInputElement)) throw new Error(`There is no field "${label}".`)
  field.value = text
  field.dispatchEvent(new Event('input', { bubbles: true }))
  await page.settle()
}

async function submit(button: string): Promise<void> {
  page
    .button(button)
    .closest('form')
    ?.dispatchEvent(new Event('submit', { bubbles: true, cancelable: true }))
  await page.settle()
}

const added = () => engine.callsOf('POST printersetup/add')

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  engine = createFakeBridge()
})

afterEach(() => {
  page.wrapper.unmount()
  vi.useRealTimers()
})

describe('adding a printer', () => {
  it('shows what was found, why Gantry thinks so, and adds what needs nothing with one click', async () => {
    await show(seen('moonraker', 'nothing'))
    expect(page.text()).toContain('It answers as moonraker does.')
    await page.press('Add')
    expect(added()).toEqual([
      { serviceId: 'room.3dp', driver: 'moonraker', name: 'My moonraker', config: { url } },
    ])
  })

  it('follows what turns up and what goes', async () => {
    await show()
    expect(page.text()).toContain('Nothing was found yet')
    engine.tell('EVENT printersetup/found', { found: [seen('prusalink', 'credentials')] })
    await page.settle()
    expect(page.text()).toContain('My prusalink')
    engine.tell('EVENT printersetup/found', { found: [] })
    await page.settle()
    expect(page.text()).not.toContain('My prusalink')
  })

  it('asks for what the make needs in its own words, in place, and for nothing twice', async () => {
    await show(seen('prusalink', 'credentials'))
    await page.press('Enter the key')
    expect(page.button('Add').disabled).toBe(true)
    await type('Password', 'maker')
    await submit('Add')
    expect(added()).toEqual([
      {
        serviceId: 'room.3dp',
        driver: 'prusalink',
        name: 'My prusalink',
        config: { url, password: 'maker' },
      },
    ])
  })

  it('asks the printer for a key, waits for the yes there, and adds with what was granted', async () => {
    await show(seen('octoprint', 'credentials'))
    await page.press('Enter the key')
    engine.knows('POST printersetup/access', { accessId: 'a1', state: 'waiting' })
    engine.knows('GET printersetup/access', { accessId: 'a1', state: 'waiting' })
    await page.press('Ask for a key')
    expect(page.text()).toContain('Open OctoPrint in a browser and say yes')
    vi.advanceTimersByTime(2_000)
    await page.settle()
    expect(added()).toEqual([])
    engine.knows('GET printersetup/access', { accessId: 'a1', state: 'granted' })
    vi.advanceTimersByTime(2_000)
    await page.settle()
    expect(added()).toEqual([
      { serviceId: 'room.3dp', driver: 'octoprint', name: 'My octoprint', config: { url }, accessId: 'a1' },
    ])
  })

  it('stops asking for a key when the person goes away meanwhile', async () => {
    await show(seen('octoprint', 'credentials'))
    await page.press('Enter the key')
    engine.knows('POST printersetup/access', { accessId: 'a1', state: 'waiting' })
    engine.knows('DELETE printersetup/access', {})
    await page.press('Ask for a key')
    expect(engine.callsOf('DELETE printersetup/access')).toEqual([])
    page.wrapper.unmount()
    expect(engine.callsOf('DELETE printersetup/access')).toEqual([{ serviceId: 'room.3dp', accessId: 'a1' }])
  })

  it('says why no key was given, and lets the person ask again', async () => {
    await show(seen('octoprint', 'credentials'))
    await page.press('Enter the key')
    engine.knows('POST printersetup/access', { accessId: 'a1', state: 'failed', message: 'It said no.' })
    await page.press('Ask for a key')
    expect(page.text()).toContain('No key was given: It said no.')
    expect(page.button('Ask for a key').disabled).toBe(false)
    expect(added()).toEqual([])
  })

  it('opens a port nobody knows only after saying what that may do', async () => {
    await show(seen('marlin', 'ask', { via: 'usb', address: '/dev/ttyUSB0' }))
    expect(() => page.button('Add')).toThrow()
    await page.press('It is a printer')
    expect(page.text()).toContain('opens this port')
    await submit('Add')
    expect(added()).toMatchObject([{ driver: 'marlin', config: { port: '/dev/ttyUSB0' } }])
  })

  it('names a make Gantry cannot drive, and says what works instead', async () => {
    const foreign = { make: 'UltiMaker', model: 'Ultimaker S5', ways: ['slicer', 'stick'] } as const
    await show({ ...seen('x', 'ask'), title: 'Bench <b>3</b>', candidates: [], foreign, twin: true })
    const text = page.text()
    for (const part of ['Bench <b>3</b>', 'Ultimaker S5 · 192.168.1.48:80', 'cannot drive this make yet']) {
      expect(text).toContain(part)
    }
    expect(text).toContain('from its maker’s own slicer')
    expect(text).toContain('Two devices say they are this one')
    expect(() => page.button('Add')).toThrow()
  })

  it('gives its reasons in the language of the reader', async () => {
    await show(seen('moonraker', 'nothing'))
    speak('de')
    await page.settle()
    expect(page.text()).toContain('Antwortet wie moonraker.')
    speak('en')
  })

  it('does not offer what is surely no printer, nor what is here already', async () => {
    const board = seen('moonraker', 'nothing')
    await show(
      { ...board, id: 'mmu', candidates: board.candidates.map(each => ({ ...each, sure: -1 })) },
      seen('prusalink', 'credentials', { printerId: 'p7' }),
    )
    expect(page.text()).toContain('Here as My prusalink')
    expect(() => page.button('Add')).toThrow()
    expect(() => page.button('Enter the key')).toThrow()
  })

  it('asks an address, and when nobody answers leads on to the doctor and to adding it anyway', async () => {
    await show()
    await type('Address or port', 'octopi.local')
    engine.refuses('POST printersetup/probe', 16)
    await submit('Look there')
    expect(page.text()).toContain('No printer answers there.')
    await page.press('Add as PrusaLink')
    await type('Password', 'x')
    await submit('Add')
    expect(added()).toMatchObject([{ driver: 'prusalink', config: { url: 'octopi.local', password: 'x' } }])
  })

  it('never asks a port what lives there: that would open it', async () => {
    await show()
    await type('Address or port', '/dev/ttyACM0')
    await submit('Look there')
    expect(engine.callsOf('POST printersetup/probe')).toEqual([])
    expect(page.text()).toContain('opens this port')
  })

  it('adds a simulated printer of a chosen make', async () => {
    await show()
    engine.knows('POST printersetup/simulate', { printerId: 'p1', printerServiceId: 'p1.3dp' })
    await page.press('Add a simulated printer')
    expect(engine.callsOf('POST printersetup/simulate')).toEqual([
      { serviceId: 'room.3dp', make: 'moonraker' },
    ])
  })
})
