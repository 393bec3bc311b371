import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { speak } from '../../../src/renderer/i18n/index.ts'
import PrintersScreen from '../../../src/renderer/screens/printers/PrintersScreen.vue'
import type { Printer } from '../../../src/renderer/stores/printers.ts'
import { aPrinter, paradeAt } from '../fakes/a-printer.ts'
import { createFakeBridge } from '../fakes/fake-bridge.ts'
import { type MountedPage, mountPage } from '../fakes/mount-page.ts'

let engine = createFakeBridge()
let page: MountedPage

const room = {
  id: 'room.3dp',
  serviceId: 'room.3dp',
  name: 'Room',
  online: true,
  scopes: ['printers', 'printersetup'],
}

const list = (printers: Printer[], over = {}) => ({
  sequence: 1,
  at: paradeAt,
  full: true,
  printers,
  removed: [],
  ...over,
})

async function show(...printers: Printer[]): Promise<void> {
  engine.knows('GET servicediscovery', { services: [room] })
  engine.knows('GET printers/list', list(printers))
  page = await mountPage(PrintersScreen, engine)
}

const cards = () => [...document.querySelectorAll('article')]
const names = () => cards().map(card => card.querySelector('h2')?.textContent)

beforeEach(() => {
  localStorage.clear()
  vi.useFakeTimers({ now: paradeAt, toFake: ['Date'] })
  engine = createFakeBridge()
})

afterEach(() => {
  page.wrapper.unmount()
  vi.useRealTimers()
})

describe('the wall', () => {
  it('says what to do when nothing here speaks with printers, and fills when something does', async () => {
    engine.knows('GET servicediscovery', { services: [] })
    page = await mountPage(PrintersScreen, engine)
    expect(page.text()).toContain('No printers yet')
    expect(page.text()).toContain('See under Apps')
    engine.knows('GET printers/list', list([aPrinter()]))
    engine.tell('EVENT servicediscovery/onservicechange', { networkService: { services: [room] } })
    await page.settle()
    expect(names()).toEqual(['Voron'])
  })

  it('shows state, job, percent, clock time and what is left, and temperatures with their targets', async () => {
    await show(
      aPrinter(
        {},
        {
          machine: { state: 'printing' },
          label: 'printing',
          job: { state: 'running', name: 'duct_left', progress: 0.429, readyAt: paradeAt + 4_320_000 },
        },
      ),
    )
    const card = cards()[0]?.textContent ?? ''
    for (const words of [
      'Printing',
      'duct_left',
      '42\u2009%',
      'ready 14:12',
      '1\u00a0h 12\u00a0min left',
      '245.1 / 245 °C',
    ]) {
      expect(card).toContain(words)
    }
    expect(document.querySelector('[role="progressbar"]')?.getAttribute('aria-valuenow')).toBe('42')
  })

  it('shows what is not known as a dash, never as a number', async () => {
    await show(aPrinter())
    expect(cards()[0]?.textContent).toContain('– / – °C')
  })

  it('counts who needs a person and who prints, and says who is ready next', async () => {
    const running = (id: string, leftMs: number) =>
      aPrinter(
        { id, name: id },
        {
          machine: { state: 'printing' },
          label: 'printing',
          job: { state: 'running', readyAt: paradeAt + leftMs },
        },
      )
    await show(aPrinter({ id: 'a', bedToClear: true }), running('Slow', 7_200_000), running('Quick', 600_000))
    const head = document.querySelector('header')?.textContent ?? ''
    expect(head).toContain('1 needs you')
    expect(head).toContain('2 printing')
    expect(head).toContain('next ready 13:10 (Quick)')
  })

  it('keeps the last words of a printer that is not reached apart from what is true now', async () => {
    await show(
      aPrinter(
        {},
        { link: { state: 'offline', since: paradeAt, text: 'The cable is gone.' }, label: 'offline' },
      ),
    )
    const card = cards()[0]?.textContent ?? ''
    expect(card).toContain('Not reached since 13:00')
    expect(card).toContain('The cable is gone.')
    expect(card).not.toContain('245')
  })

  it('keeps every card in its place while states change, and takes changes and losses as they come', async () => {
    await show(aPrinter({ id: 'b', name: 'B', addedAt: 2 }), aPrinter({ id: 'a', name: 'A', addedAt: 1 }))
    await page.press('What needs you first')
    expect(names()).toEqual(['A', 'B'])
    engine.tell('EVENT printers/list', {
      ...list([aPrinter({ id: 'b', name: 'B2', addedAt: 2, bedToClear: true })]),
      full: false,
      sequence: 2,
    })
    await page.settle()
    expect(names()).toEqual(['A', 'B2'])
    engine.tell('EVENT printers/list', { ...list([]), full: false, sequence: 3, removed: ['a'] })
    await page.settle()
    expect(names()).toEqual(['B2'])
  })

  it('asks for the whole list again when it missed a change', async () => {
    await show(aPrinter())
    const before = engine.callsOf('GET printers/list').length
    engine.tell('EVENT printers/list', { ...list([]), full: false, sequence: 9 })
    await page.settle()
    expect(engine.callsOf('GET printers/list').length).toBe(before + 1)
  })

  it('has the one thing to do on the card, and waits for the printer to show what came of it', async () => {
    await show(aPrinter({ bedToClear: true }, { label: 'finished', machine: { state: 'finished' } }))
    engine.knows('POST printercontrol/bedclear', {})
    engine.hold()
    await page.press('Bed is clear')
    expect(page.text()).toContain('Telling the printer…')
    engine.release()
    await page.settle()
    expect(engine.callsOf('POST printercontrol/bedclear')).toEqual([{ serviceId: 'p1.3dp', version: 0 }])
    expect(page.text()).toContain('Bed to clear')
  })

  it('offers only what the printer can do', async () => {
    const paused = aPrinter({}, { machine: { state: 'paused' }, label: 'paused' })
    await show({
      ...paused,
      snapshot: { ...paused.snapshot, can: { ...paused.snapshot.can, cancel: false } },
    })
    expect(page.button('Continue')).toBeDefined()
    expect(() => page.button('Stop print')).toThrow()
  })

  it('shows what a printer says as text, whatever is in it', async () => {
    const text = '<img src=x onerror=alert(1)>'
    await show(
      aPrinter(
        { name: text },
        {
          machine: { state: 'error' },
          label: 'error',
          faults: [{ class: 'other', severity: 'error', text, recoverBy: 'none', since: paradeAt }],
        },
      ),
    )
    expect(names()).toEqual([text])
    expect(document.querySelector('img')).toBeNull()
  })

  it('filters, and says so when nothing is left', async () => {
    await show(
      aPrinter(),
      aPrinter({ id: 'x', name: 'Busy' }, { machine: { state: 'printing' }, label: 'printing' }),
    )
    await page.press('Printing 1')
    expect(names()).toEqual(['Busy'])
    await page.press('Not reached 0')
    expect(page.text()).toContain('No printer is in this state now')
  })

  it('puts first what needs hands, unless the person wants every card in its place', async () => {
    await show(aPrinter({ id: 'a', name: 'A' }), aPrinter({ id: 'b', name: 'B', bedToClear: true }))
    expect(names()).toEqual(['B', 'A'])
    await page.press('What needs you first')
    expect(names()).toEqual(['A', 'B'])
  })

  it('tells cable from network where both are there, and searches in names, kinds and jobs', async () => {
    await show(
      aPrinter({ id: 'a', name: 'Ender', driver: 'marlin', driverName: 'Marlin', address: '/dev/ttyUSB0' }),
      aPrinter({ id: 'b', name: 'Voron' }, { job: { state: 'running', name: 'gear housing' } }),
    )
    await page.press('USB 1')
    expect(names()).toEqual(['Ender'])
    await page.press('All 2')
    const field = document.querySelector<HTMLInputElement>('input[type="search"]')
    if (field) field.value = 'KLIPPER gear'
    field?.dispatchEvent(new Event('input'))
    await page.settle()
    expect(names()).toEqual(['Voron'])
  })

  it('filters by the owner’s groups, and stands them under their names when asked to', async () => {
    const group = (id: string, name: string, ...printerIds: string[]) => ({ id, name, printerIds })
    engine.knows('GET printergroups/list', {
      groups: [group('g1', 'Workshop', 'b'), group('g2', 'Upstairs', 'a'), group('g3', 'Empty')],
    })
    await show(
      aPrinter({ id: 'a', name: 'A', addedAt: 1 }),
      aPrinter({ id: 'b', name: 'B', addedAt: 2 }),
      aPrinter({ id: 'c', name: 'C', addedAt: 3 }),
    )
    await page.press('Workshop 1')
    expect(names()).toEqual(['B'])
    await page.press('All 3')
    expect(names()).toEqual(['A', 'B', 'C'])
    await page.press('By group')
    const headings = () =>
      [...document.querySelectorAll('section > h2')].map(each => each.textContent?.trim())
    expect(headings()).toEqual(['Workshop 1', 'Upstairs 1', 'Without a group 1'])
    expect(names()).toEqual(['B', 'A', 'C'])
    engine.tell('EVENT printergroups/list', { groups: [] })
    await page.settle()
    expect(headings()).toEqual([])
    expect(names()).toEqual(['A', 'B', 'C'])
  })

  it('puts several printers into a group at once, and takes out what was unticked', async () => {
    engine.knows('GET printergroups/list', { groups: [{ id: 'g1', name: 'Workshop', printerIds: ['a'] }] })
    for (const route of ['add', 'rename', 'move', 'remove', 'assign'] as const) {
      engine.knows(`POST printergroups/${route}`, route === 'add' ? { groupId: 'g2' } : {})
    }
    await show(
      aPrinter({ id: 'a', name: 'A' }),
      aPrinter({ id: 'b', name: 'B' }),
      aPrinter({ id: 'c', name: 'C' }),
    )
    await page.press('Groups…')
    await page.press('1 printer')
    for (const box of document.querySelectorAll<HTMLInputElement>('[role="dialog"] [type="checkbox"]')) {
      box.click()
      await page.settle()
    }
    await page.press('Save')
    const serviceId = 'room.3dp'
    expect(engine.callsOf('POST printergroups/assign')).toEqual([
      { serviceId, groupId: 'g1', printerIds: ['b', 'c'] },
      { serviceId, printerIds: ['a'] },
    ])
    await page.press('Delete Workshop')
    expect(engine.callsOf('POST printergroups/remove')).toEqual([])
    await page.press('Delete')
    expect(engine.callsOf('POST printergroups/remove')).toEqual([{ serviceId, groupId: 'g1' }])
  })

  it('says what was searched for when nothing is called so', async () => {
    await show(aPrinter())
    const field = document.querySelector<HTMLInputElement>('input[type="search"]')
    if (field) field.value = 'zeppelin'
    field?.dispatchEvent(new Event('input'))
    await page.settle()
    expect(page.text()).toContain('called “zeppelin”')
  })

  it('shows values of a printer that is asked as old, with their age, and trusts one that tells by itself', async () => {
    const silent = aPrinter({}, { heardAt: paradeAt - 5 * 60_000 })
    await show(silent)
    expect(cards()[0]?.textContent).not.toContain('ago')
    page.wrapper.unmount()
    const asked = { ...silent.snapshot, can: { ...silent.snapshot.can, push: false } }
    await show({ ...silent, snapshot: asked })
    expect(cards()[0]?.textContent).toContain('5 minutes ago')
    expect(document.querySelector('dd b')?.classList.contains('text-ink3')).toBe(true)
  })

  it('tells ages and times by Gantry’s clock, however wrong the viewer’s own clock is', async () => {
    const wrongMs = 5 * 60_000
    const asked = (over = {}) =>
      aPrinter(
        {},
        {
          ...over,
          can: { ...aPrinter().snapshot.can, push: false },
          machine: { state: 'printing' },
          label: 'printing',
        },
      )
    engine.knows('GET servicediscovery', { services: [room] })
    const at = paradeAt + wrongMs
    const running = { state: 'running', progress: 0.5, readyAt: at + 600_000 } as const
    engine.knows('GET printers/list', list([asked({ heardAt: at - 1_000, job: running })], { at }))
    page = await mountPage(PrintersScreen, engine)
    expect(cards()[0]?.textContent).not.toContain('ago')
    expect(cards()[0]?.textContent).toContain('ready 13:15')
    page.wrapper.unmount()
    engine.knows(
      'GET printers/list',
      list([asked({ heardAt: paradeAt - 7 * 60_000 })], { at: paradeAt - wrongMs }),
    )
    page = await mountPage(PrintersScreen, engine)
    expect(cards()[0]?.textContent).toContain('2 minutes ago')
  })

  it('shows the same as a list, and remembers that for this viewer', async () => {
    await show(aPrinter())
    await page.press('As a list')
    expect(cards()).toEqual([])
    expect(document.querySelector('tbody tr')?.textContent).toContain('Voron')
    page.wrapper.unmount()
    await show(aPrinter())
    expect(document.querySelector('tbody tr')?.textContent).toContain('245.1')
  })

  it('stops all only after asking once, and says what was stopped and what was not', async () => {
    await show(
      aPrinter({ id: 'a', name: 'A' }, { job: { state: 'running' } }),
      aPrinter({ id: 'b', name: 'B' }),
    )
    await page.press('Stop all')
    expect(page.text()).toContain('1 print would be lost.')
    expect(engine.callsOf('POST printercontrol/stopall')).toEqual([])
    engine.knows('POST printercontrol/stopall', {
      stopped: ['a'],
      left: [{ id: 'c', why: 'idle' }],
      failed: [{ id: 'b', errorMessage: 'It did not answer.', reason: 'wire.timeout' }],
    })
    await page.press('Stop all now')
    expect(engine.callsOf('POST printercontrol/stopall')).toEqual([{ serviceId: 'room.3dp' }])
    expect(page.text()).toContain('1 printer was stopped.')
    expect(page.text()).toContain('B: No answer came in time.')
    expect(page.text()).toContain('c: prints nothing, and has no emergency stop for a network.')
  })

  it('says in the page’s language why a printer was not stopped', async () => {
    await show(aPrinter({ id: 'b', name: 'B' }, { job: { state: 'running' } }))
    await page.press('Stop all')
    engine.knows('POST printercontrol/stopall', {
      stopped: [],
      left: [],
      failed: [
        { id: 'b', errorMessage: 'It refused.', reason: 'printer.refused', reasonParams: { said: 'E-17' } },
      ],
    })
    speak('de')
    await page.settle()
    await page.press('Jetzt alle anhalten')
    expect(page.text()).toContain('B: Der Drucker hat das abgelehnt. Er meldet: „E-17“')
    expect(page.text()).not.toContain('It refused.')
  })

  it('stops one print after asking, and stays open when the printer refuses', async () => {
    await show(
      aPrinter(
        {},
        { machine: { state: 'printing' }, label: 'printing', job: { state: 'running', name: 'vase' } },
      ),
    )
    await page.press('Stop the print of Voron')
    expect(page.text()).toContain('Stop the print of Voron?')
    engine.refuses('POST printercontrol/cancel', 16)
    await page.press('Stop print')
    expect(page.text()).toContain('cannot be continued')
    engine.knows('POST printercontrol/cancel', {})
    await page.press('Stop print')
    expect(engine.callsOf('POST printercontrol/cancel')).toEqual([
      { serviceId: 'p1.3dp' },
      { serviceId: 'p1.3dp' },
    ])
  })

  it('says why a printer is not reached, with what to do', async () => {
    await show(
      aPrinter(
        {},
        { link: { state: 'offline', since: paradeAt, text: 'Nobody answers.' }, label: 'offline' },
      ),
    )
    engine.knows('GET printerdoctor/report', {
      findings: [
        { code: 'line-up', level: 'good', params: {}, text: 'in English' },
        { code: 'line-down', level: 'bad', params: {}, reason: 'no-name', text: 'in English' },
      ],
      text: 'the report',
    })
    await page.press('Why?')
    expect(engine.callsOf('GET printerdoctor/report')).toEqual([{ serviceId: 'room.3dp', printerId: 'p1' }])
    const said = [...document.querySelectorAll('[role="dialog"] li')].map(item => item.textContent?.trim())
    expect(said).toEqual([
      'Problem: Gantry is not connected to it. Nobody in this network has that name.Is the name right, and the printer on?',
      'Good: Gantry is connected to it, and its key is accepted.',
    ])
  })

  it('moves from card to card by arrows, and presses a card’s one button by the space bar', async () => {
    await show(aPrinter({ id: 'a', name: 'A', bedToClear: true }), aPrinter({ id: 'b', name: 'B' }))
    engine.knows('POST printercontrol/bedclear', {})
    const links = [...document.querySelectorAll<HTMLElement>('[data-card]')]
    const press = (key: string) =>
      document.activeElement?.dispatchEvent(
        new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }),
      )
    links[0]?.focus()
    press('ArrowRight')
    expect(document.activeElement).toBe(links[1])
    press(' ')
    press('ArrowLeft')
    press(' ')
    await page.settle()
    expect(engine.callsOf('POST printercontrol/bedclear')).toEqual([{ serviceId: 'a.3dp', version: 0 }])
  })

  it('adds a simulated printer with one click when there is none', async () => {
    await show()
    engine.knows('POST printersetup/simulate', { printerId: 'p1', printerServiceId: 'p1.3dp' })
    await page.press('Add a simulated printer')
    expect(engine.callsOf('POST printersetup/simulate')).toEqual([
      { serviceId: 'room.3dp', make: 'moonraker' },
    ])
  })
})
