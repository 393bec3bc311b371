import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
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

const list = (printers: Printer[], over = {}) => ({ sequence: 1, full: true, printers, removed: [], ...over })

async function show(...printers: Printer[]): Promise<void> {
  engine.knows('GET servicediscovery', { services: [room] })
  engine.knows('GET printers/list', list(printers))
  page = await mountPage(PrintersScreen, engine)
}

const cards = () => [...document.querySelectorAll('article')]
const names = () => cards().map(card => card.querySelector('h2')?.textContent)

beforeEach(() => {
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
          job: { state: 'running', name: 'duct_left', progress: 0.429, remainingS: 4320 },
        },
      ),
    )
    const card = cards()[0]?.textContent ?? ''
    for (const words of [
      'Printing',
      'duct_left',
      '42\u2009%',
      'ready 14:12',
      '1 hr 12 min left',
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
    const running = (id: string, remainingS: number) =>
      aPrinter(
        { id, name: id },
        { machine: { state: 'printing' }, label: 'printing', job: { state: 'running', remainingS } },
      )
    await show(aPrinter({ id: 'a', bedToClear: true }), running('Slow', 7200), running('Quick', 600))
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
    expect(engine.callsOf('POST printercontrol/bedclear')).toEqual([{ serviceId: 'p1.3dp' }])
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
})
