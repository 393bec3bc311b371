import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { nextTick } from 'vue'
import PrinterScreen from '../../../src/renderer/screens/printer/PrinterScreen.vue'
import type { Printer } from '../../../src/renderer/stores/printers.ts'
import { aFeed, aPrinter, paradeAt } from '../fakes/a-printer.ts'
import { createFakeBridge } from '../fakes/fake-bridge.ts'
import { type MountedPage, mountPage } from '../fakes/mount-page.ts'

// A page without a canvas: what is drawn is looked at in the real window.
vi.mock('../../../src/renderer/screens/printer/temperature-chart.ts', () => ({
  drawTemperatures: () => ({ update() {}, resize() {}, remove() {} }),
}))

let engine = createFakeBridge()
let page: MountedPage
let sequence = 1

const scopes = ['printers', 'printersetup']
const room = { id: 'room.3dp', serviceId: 'room.3dp', name: 'Room', online: true, scopes }
const list = (...printers: Printer[]) => ({
  sequence,
  at: paradeAt,
  full: true,
  printers,
  removed: [],
})
const minutes = (count: number) => count * 60_000

async function show(printer: Printer, id = printer.id): Promise<void> {
  engine.knows('GET servicediscovery', { services: [room] })
  engine.knows('GET printers/list', list(printer))
  page = await mountPage(PrinterScreen, engine, { id })
}

async function becomes(printer: Printer): Promise<void> {
  sequence += 1
  engine.tell('EVENT printers/list', { ...list(printer), full: false })
  await page.settle()
}

const can = (over: Partial<Printer['snapshot']['can']>) => ({ ...aPrinter().snapshot.can, ...over })
const head = () => document.querySelector('header')?.textContent?.replaceAll(/\s+/g, ' ') ?? ''
const card = (name: string) => {
  const found = [...document.querySelectorAll('section')].find(
    section => section.querySelector('h2')?.textContent === name,
  )
  return found?.textContent?.replaceAll(/\s+/g, ' ') ?? ''
}

beforeEach(() => {
  vi.useFakeTimers({ now: paradeAt, toFake: ['Date'] })
  engine = createFakeBridge()
  sequence = 1
})

afterEach(() => {
  page.wrapper.unmount()
  vi.useRealTimers()
})

const printing = (over: Partial<Printer['snapshot']> = {}) =>
  aPrinter(
    {},
    {
      machine: { state: 'printing' },
      label: 'printing',
      job: {
        state: 'running',
        name: 'duct_left',
        progress: 0.429,
        readyAt: paradeAt + 4_320_000,
        layer: 96,
        layers: 230,
      },
      ...over,
    },
  )

describe('the head of a printer’s screen', () => {
  it('says state, job, progress, layer and when it is ready', async () => {
    await show(printing())
    for (const words of ['Voron', 'Printing', 'duct_left', '42\u2009%', 'layer 96 of 230', 'ready 14:12']) {
      expect(head()).toContain(words.replaceAll('\u2009', ' '))
    }
  })

  it('stops in an emergency at the first press, again while it waits, and asks nothing', async () => {
    await show(printing())
    engine.hold()
    await page.press('Emergency stop')
    await page.press('Emergency stop')
    expect(engine.callsOf('POST printercontrol/emergencystop')).toHaveLength(2)
    expect(document.querySelector('[role="dialog"]')).toBeNull()
    engine.release()
    await page.settle()
  })

  it('keeps the emergency stop within reach when the printer is not reached', async () => {
    await show(printing({ link: { state: 'offline', since: paradeAt }, label: 'offline' }))
    expect(page.button('Emergency stop').disabled).toBe(false)
    expect(page.button('Pause').disabled).toBe(true)
  })

  it('says so when the make has no true emergency stop, or none at all', async () => {
    await show(printing({ can: can({ emergencyStop: 'gcode' }) }))
    expect(head()).toContain('has no true emergency stop')
    await becomes(printing({ can: can({ emergencyStop: 'none' }) }))
    expect(head()).toContain('Use its switch')
    expect(() => page.button('Emergency stop')).toThrow()
    await becomes(printing({ can: can({ emergencyStop: 'true-stop' }) }))
    expect(head()).not.toContain('switch')
  })

  it('shows pausing as pending on the button, and the pause only when the printer says so', async () => {
    await show(printing())
    engine.knows('POST printercontrol/pause', {})
    engine.hold()
    await page.press('Pause')
    expect(page.button('Pause').disabled).toBe(true)
    engine.release()
    await page.settle()
    expect(head()).toContain('Printing')
    await becomes(printing({ machine: { state: 'paused' }, label: 'paused' }))
    expect(page.button('Continue')).toBeDefined()
    expect(() => page.button('Pause')).toThrow()
  })

  it('offers only what the printer can do', async () => {
    await show(printing({ can: can({ pause: false, cancel: false }) }))
    expect(() => page.button('Pause')).toThrow()
    expect(() => page.button('Stop')).toThrow()
  })

  it('tells how old everything is when the line is down, and no job as if it ran', async () => {
    const heardAt = paradeAt - minutes(5)
    await show(printing({ link: { state: 'offline', since: heardAt }, label: 'offline', heardAt }))
    expect(head()).toContain('Last heard 12:55, 5 minutes ago.')
    expect(head()).not.toContain('duct_left')
  })
})

describe('what is known of a printer', () => {
  it('lists every field of the standard, with a dash for what it never said', async () => {
    await show(
      aPrinter(
        { movedFrom: '192.168.1.12' },
        {
          device: { productName: 'Voron 2.4', firmwareRevision: 'v0.13.0-730' },
          attributes: { printSizeX: 300, printSizeY: 300, printSizeZ: 280, network: true },
          clock: { offsetMs: -400, source: 'date', at: paradeAt },
        },
      ),
    )
    const device = card('Device')
    for (const words of [
      'Product Voron 2.4',
      'Manufacturer –',
      'Serial number –',
      'Print size 300 × 300 × 280 mm',
      'Address 192.168.1.48, moved from 192.168.1.12',
      'Clock 0.4 s behind, corrected',
    ]) {
      expect(device.replaceAll(/\s/g, '')).toContain(words.replaceAll(/\s/g, ''))
    }
  })

  it('meters what this computer feeds, and says what an underrun means once there is one', async () => {
    const feed = { ...aFeed, worstGapMs: 12.4, aheadBytes: 48_000, resends: 1 }
    await show(aPrinter({}, { feed }))
    expect(card('Connection')).toContain('Fed from this computer')
    expect(card('Connection').replaceAll(/\s/g, '')).toContain(
      'Underruns0Longestgap12msReadahead48kBLinessentagain1',
    )
    expect(card('Connection')).not.toContain('leaves a mark')
    await becomes(aPrinter({}, { feed: { ...feed, live: false, underruns: 2 } }))
    expect(card('Connection')).toContain('last print')
    expect(card('Connection')).toContain('leaves a mark')
  })

  it('says how the line is: since when, how often, how long ago', async () => {
    await show(aPrinter({}, { heardAt: paradeAt - 200 }))
    expect(card('Connection')).toContain('Live for 1 h')
    expect(card('Connection')).toContain('last 0.2 s ago')
  })

  it('says why a line is down, when it is tried again, and tries at once when told to', async () => {
    await show(
      aPrinter(
        {},
        {
          link: {
            state: 'offline',
            since: paradeAt - minutes(2),
            text: 'Nothing answers at this address.',
            attempts: 3,
            retryAt: paradeAt + 8_000,
          },
          label: 'offline',
        },
      ),
    )
    for (const words of [
      'Not reached for 2 min.',
      'Nothing answers at this address.',
      '3 tries so far.',
      'Next try in 8 s.',
      'Gantry reconnects by itself.',
    ]) {
      expect(card('Connection')).toContain(words)
    }
    engine.knows('POST printercontrol/reconnect', {})
    await page.press('Try now')
    expect(engine.callsOf('POST printercontrol/reconnect')).toEqual([{ serviceId: 'p1.3dp' }])
  })

  it('shows a fault in the printer’s words, as text, with what to do', async () => {
    const text = '<img src=x onerror=alert(1)> Runout'
    await show(
      printing({
        machine: { state: 'error' },
        label: 'error',
        can: can({ restart: 'firmware' }),
        faults: [
          { class: 'filament-runout', severity: 'warning', text, recoverBy: 'clear', since: paradeAt },
        ],
      }),
    )
    expect(page.text()).toContain(text)
    expect(document.querySelector('img')).toBeNull()
    expect(page.text()).toContain('Load filament, then go on.')
    engine.knows('POST printercontrol/dismissfault', {})
    await page.press('Dismiss')
    expect(engine.callsOf('POST printercontrol/dismissfault')).toEqual([
      { serviceId: 'p1.3dp', class: 'filament-runout' },
    ])
    expect(page.text()).toContain(text)
    await becomes(printing())
    expect(page.text()).not.toContain(text)
  })

  it('shows what holds the machine, in its words, as text, and releases that one when somebody has looked', async () => {
    const text = '<img src=x onerror=alert(1)> runaway'
    const holds = [
      { class: 'thermal-runaway', text, since: paradeAt },
      { class: 'user-stop', text: 'stop', since: paradeAt },
    ] as const
    await show(aPrinter({}, { holds }))
    expect(document.querySelector('img')).toBeNull()
    expect(page.text()).toContain(text)
    expect(page.text()).toContain('Nothing is heated and no print begins until somebody has looked.')
    engine.knows('POST printercontrol/releasehold', {})
    await page.press('It is fit to go on')
    expect(engine.callsOf('POST printercontrol/releasehold')).toEqual([
      { serviceId: 'p1.3dp', class: 'thermal-runaway' },
    ])
  })

  it('does not let a machine go on that is stopped still, and says why', async () => {
    const holds = [{ class: 'killed', text: 'kill() called', since: paradeAt }] as const
    await show(aPrinter({}, { holds, machine: { state: 'error' }, label: 'error' }))
    const button = page.button('It is fit to go on')
    expect(button).toMatchObject({
      disabled: true,
      title: 'The machine has stopped itself. Restart it first.',
    })
  })

  it('says what a printer is still doing that was told to do it', async () => {
    const doing = [{ id: 1, command: 'home', since: paradeAt }] as const
    await show(aPrinter({}, { doing: [...doing] }))
    expect(page.text()).toContain('Still at it: homing, since')
    await becomes(aPrinter())
    expect(page.text()).not.toContain('Still at it')
  })

  it('restarts a machine only after it said what that will do, and somebody said yes', async () => {
    await show(
      printing({
        machine: { state: 'error' },
        label: 'error',
        can: can({ restart: 'firmware' }),
        faults: [{ class: 'killed', severity: 'critical', text: 'x', recoverBy: 'restart', since: paradeAt }],
      }),
    )
    engine.knows('POST printercontrol/restart', {})
    await page.press('Restart the machine')
    const asked = () => document.querySelector<HTMLElement>('[role=dialog]')
    expect(asked()?.textContent).toContain('Klipper and its boards start anew')
    expect(engine.callsOf('POST printercontrol/restart')).toEqual([])
    const yes = [...(asked()?.querySelectorAll('button') ?? [])].find(
      ({ textContent }) => textContent?.trim() === 'Restart the machine',
    )
    yes?.click()
    await nextTick()
    expect(engine.callsOf('POST printercontrol/restart')).toEqual([{ serviceId: 'p1.3dp' }])
  })

  it('hands on the answer to a question of the printer', async () => {
    await show(printing({ prompt: { id: 'q7', text: 'Loaded?', buttons: ['No', 'Yes'] } }))
    engine.knows('POST printercontrol/answer', {})
    await page.press('Yes')
    expect(engine.callsOf('POST printercontrol/answer')).toEqual([
      { serviceId: 'p1.3dp', promptId: 'q7', button: 1 },
    ])
  })

  it('is found by the address the wall links to, as by its own', async () => {
    await show(aPrinter(), 'p1.3dp')
    expect(head()).toContain('Voron')
  })

  it('says that a printer is not here, and leads back', async () => {
    await show(aPrinter(), 'other')
    expect(page.text()).toContain('This printer is not here')
  })
})

describe('temperatures', () => {
  it('tells the last hour to those who cannot see the chart, in words and as a table', async () => {
    engine.knows('GET printerhistory/temperatures', {
      series: [{ id: 'nozzle0', points: [[paradeAt - minutes(30), 21.5, 0]] }],
    })
    await show(aPrinter())
    const words = document.querySelector('[role="img"][aria-label]')?.getAttribute('aria-label') ?? ''
    expect(words).toContain(
      'Nozzle: now 245.1\u2009°C, target 245.0\u2009°C, between 21.5\u2009°C and 245.1\u2009°C.',
    )
    await page.press('Show as a table')
    const rows = [...document.querySelectorAll('tbody tr')].map(row => row.textContent ?? '')
    expect(rows[0]).toMatch(/^13:00\s*245\.1\s*245/)
    expect(rows[1]).toMatch(/^12:30\s*21\.5\s*0/)
  })

  it('shows the readings of now even when there is no past to be had', async () => {
    engine.refuses('GET printerhistory/temperatures', 16)
    await show(aPrinter())
    expect(card('Temperatures, last hour')).toContain('245.1 / 245 °C')
    expect(card('Temperatures, last hour')).toContain('– / – °C')
  })
})

describe('two tools', () => {
  it('show which of them prints, as soon as the printer has said it', async () => {
    const nozzle = (index: number) => ({
      id: `nozzle${index}`,
      kind: 'nozzle' as const,
      index,
      actualC: 200 + index,
      targetC: 200,
      at: paradeAt,
      byPlugin: true,
    })
    const heaters = [nozzle(0), nozzle(1)]
    await show(printing({ heaters }))
    expect(card('Temperatures, last hour')).not.toContain('prints now')
    await becomes(printing({ heaters, activeTool: 1 }))
    expect(card('Temperatures, last hour')).toContain('Nozzle 2 · prints now')
  })
})
