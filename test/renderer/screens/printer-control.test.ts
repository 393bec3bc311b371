import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import PrinterScreen from '../../../src/renderer/screens/printer/PrinterScreen.vue'
import { filterLines, keepLast } from '../../../src/renderer/screens/printer/terminal-lines.ts'
import type { Printer } from '../../../src/renderer/stores/printers.ts'
import { aPrinter, paradeAt } from '../fakes/a-printer.ts'
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
const serviceId = 'p1.3dp'

async function show(printer: Printer): Promise<void> {
  engine.knows('GET servicediscovery', { services: [room] })
  engine.knows('GET printers/list', list(printer))
  page = await mountPage(PrinterScreen, engine, { id: printer.id })
}

async function becomes(printer: Printer): Promise<void> {
  sequence += 1
  engine.tell('EVENT printers/list', { ...list(printer), full: false })
  await page.settle()
}

const can = (over: Partial<Printer['snapshot']['can']>) => ({ ...aPrinter().snapshot.can, ...over })

async function type(field: HTMLInputElement | null, value: string): Promise<void> {
  if (!field) throw new Error('There is no such field.')
  field.value = value
  field.dispatchEvent(new Event('input'))
  field.form?.dispatchEvent(new Event('submit', { cancelable: true }))
  await page.settle()
}

const fieldOf = (label: string) =>
  [...document.querySelectorAll('label')]
    .find(each => each.textContent?.includes(label))
    ?.querySelector('input') ?? null

beforeEach(() => {
  vi.useFakeTimers({ now: paradeAt, toFake: ['Date'] })
  engine = createFakeBridge()
  sequence = 1
})

afterEach(() => {
  page.wrapper.unmount()
  vi.useRealTimers()
})

describe('moving and heating', () => {
  it('moves by the step that was chosen', async () => {
    await show(aPrinter())
    engine.knows('POST printercontrol/jog', {})
    await page.press('Y −10')
    document.querySelector<HTMLInputElement>('input[type="radio"]')?.click()
    await page.settle()
    await page.press('X +0.1')
    expect(engine.callsOf('POST printercontrol/jog')).toEqual([
      { serviceId, yMm: -10 },
      { serviceId, xMm: 0.1 },
    ])
  })

  it('locks moving while printing and says why, but not heating', async () => {
    await show(aPrinter({}, { machine: { state: 'printing' }, label: 'printing' }))
    expect(page.button('Home').disabled).toBe(true)
    expect(page.button('X +10').disabled).toBe(true)
    expect(page.text()).toContain('A print is on, and this would spoil it.')
    expect(page.button('Set').disabled).toBe(false)
    expect(page.button('All off').disabled).toBe(true)
  })

  it('lets a paused print be jogged and purged, and homed by nobody', async () => {
    await show(aPrinter({}, { machine: { state: 'paused' }, job: { state: 'paused' }, label: 'paused' }))
    expect(page.button('Home').disabled).toBe(true)
    expect(page.button('X +10').disabled).toBe(false)
    expect(page.button('All off').disabled).toBe(false)
  })

  it('locks everything but the emergency stop when the printer is not reached', async () => {
    await show(aPrinter({}, { link: { state: 'offline', since: paradeAt }, label: 'offline' }))
    expect(page.button('Home').disabled).toBe(true)
    expect(page.button('Set').disabled).toBe(true)
    expect(page.text()).toContain('Locked: the printer is not reached.')
  })

  it('draws no control for what the printer cannot do', async () => {
    await show(
      aPrinter(
        {},
        { can: can({ home: false, jog: false, extrude: false, temperatures: false, fan: false }) },
      ),
    )
    expect(() => page.button('Home')).toThrow()
    expect(() => page.button('Set')).toThrow()
  })

  it('shows a target as asked for until the printer confirms it', async () => {
    await show(aPrinter())
    engine.knows('POST printercontrol/temperature', {})
    await type(fieldOf('Nozzle, target'), '210')
    expect(engine.callsOf('POST printercontrol/temperature')).toEqual([
      { serviceId, heater: 'nozzle0', targetC: 210 },
    ])
    expect(page.text()).toContain('Asked for 210\u2009°C. The printer has not confirmed it yet.')
    expect(page.text()).toContain('/ 245 °C')
    const [nozzle, ...others] = aPrinter().snapshot.heaters
    await becomes(aPrinter({}, { heaters: nozzle ? [{ ...nozzle, targetC: 210 }, ...others] : [] }))
    expect(page.text()).not.toContain('Asked for')
  })

  it('sends no temperature that no printer could take', async () => {
    await show(aPrinter())
    for (const value of ['-5', '9999', '']) await type(fieldOf('Nozzle, target'), value)
    expect(engine.callsOf('POST printercontrol/temperature')).toEqual([])
  })

  it('stops at the first heater that refuses a preset', async () => {
    await show(aPrinter())
    engine.refuses('POST printercontrol/temperature', 16)
    await page.press('PLA 210 / 60')
    expect(engine.callsOf('POST printercontrol/temperature')).toHaveLength(1)
  })
})

describe('the terminal', () => {
  it('follows the printer only while it is open, hides what repeats, and sends a line', async () => {
    await show(aPrinter())
    expect(engine.followers('EVENT printers/terminal')).toBe(0)
    await page.press('Open the terminal')
    engine.tell('EVENT printers/terminal', {
      lines: [
        { at: paradeAt, way: 'sent', text: 'G28' },
        { at: paradeAt, way: 'heard', text: 'ok T:21.0 /0.0 B:20.1 /0.0' },
        { at: paradeAt, way: 'heard', text: '<b>echo</b>' },
      ],
    })
    await page.settle()
    const log = document.querySelector('[role="log"]')?.textContent ?? ''
    expect(log).toContain('G28')
    expect(log).toContain('<b>echo</b>')
    expect(log).not.toContain('T:21.0')
    engine.knows('POST printercontrol/gcode', {})
    await type(document.querySelector('[aria-label="A line of G-code"]'), 'M117 hi')
    expect(engine.callsOf('POST printercontrol/gcode')).toEqual([{ serviceId, line: 'M117 hi' }])
    await page.press('Close')
    expect(engine.followers('EVENT printers/terminal')).toBe(0)
  })

  it('keeps the last lines only, and finds words in them', () => {
    const lines = Array.from({ length: 600 }, (_, at) => ({ at, way: 'heard', text: `line ${at}` }) as const)
    const kept = keepLast([], lines)
    expect([kept.length, kept[0]?.at]).toEqual([500, 100])
    expect(filterLines(kept, ' LINE 59', true).map(({ at }) => at)[0]).toBe(590)
  })
})

describe('files on the printer', () => {
  const withFiles = (over: Partial<Printer> = {}, job: Printer['snapshot']['job']['state'] = 'none') =>
    aPrinter(over, {
      can: can({ files: true, upload: true }),
      job: { state: job },
      bed: { state: job === 'done' ? 'occupied' : 'unknown', version: 1, saidBy: 'printer', at: paradeAt },
    })
  const cube = { path: 'a/cube.gcode', name: 'cube.gcode', sizeBytes: 1_500_000 }

  it('starts a file, but not before the bed is clear', async () => {
    engine.knows('GET printerfiles/list', { files: [cube] })
    await show(withFiles({ bedToClear: true }, 'done'))
    expect(page.button('Print cube.gcode').disabled).toBe(true)
    await becomes(withFiles())
    engine.knows('POST printercontrol/start', {})
    await page.press('Print cube.gcode')
    expect(engine.callsOf('POST printercontrol/start')).toEqual([{ serviceId, path: 'a/cube.gcode' }])
  })

  it('deletes only what it was told twice to delete', async () => {
    engine.knows('GET printerfiles/list', { files: [cube] })
    await show(withFiles())
    await page.press('Delete cube.gcode')
    await page.press('Keep')
    expect(engine.callsOf('POST printerfiles/delete')).toEqual([])
    engine.knows('POST printerfiles/delete', {})
    await page.press('Delete cube.gcode')
    engine.knows('GET printerfiles/list', { files: [] })
    await page.press('Delete')
    expect(engine.callsOf('POST printerfiles/delete')).toEqual([{ serviceId, path: 'a/cube.gcode' }])
    expect(page.text()).toContain('There is no file on the printer.')
  })

  async function pick(size: number): Promise<void> {
    const picker = document.querySelector<HTMLInputElement>('input[type="file"]')
    const file = new File([new Uint8Array(size).fill(65)], 'part.gcode')
    Object.defineProperty(picker, 'files', { value: [file], configurable: true })
    picker?.dispatchEvent(new Event('change'))
    await vi.waitFor(() => expect(engine.callsOf('POST printerfiles/upload')).toHaveLength(1))
    await page.settle()
  }

  it('hands a file over by the byte channel, then has it sent on', async () => {
    engine.knows('GET printerfiles/list', { files: [] })
    engine.knows('POST printerfiles/upload', { uploadId: 'u1', bytes: '/bytes/printerfiles/u1' })
    engine.knows('POST printerfiles/send', {})
    await show(withFiles())
    await pick(10)
    await vi.waitFor(() => expect(engine.callsOf('POST printerfiles/send')).toHaveLength(1))
    expect(engine.sent).toEqual([
      { method: 'PUT', path: '/bytes/printerfiles/u1', offset: 0, text: 'A'.repeat(10) },
    ])
    expect(engine.callsOf('POST printerfiles/send')).toEqual([{ serviceId, uploadId: 'u1', print: false }])
  })

  it('sends nothing more once it is cancelled', async () => {
    engine.knows('GET printerfiles/list', { files: [] })
    engine.knows('POST printerfiles/upload', { uploadId: 'u1', bytes: '/bytes/printerfiles/u1' })
    await show(withFiles())
    engine.hold()
    await pick(10)
    expect(page.text()).toContain('part.gcode: 0\u2009% handed to Gantry')
    await page.press('Cancel')
    engine.release()
    await page.settle()
    expect(engine.sent).toEqual([])
    expect(engine.callsOf('POST printerfiles/send')).toEqual([])
    expect(page.text()).not.toContain('handed to Gantry')
  })

  it('stops a file on its way to the printer, and shows the wait until Gantry has stopped it', async () => {
    engine.knows('GET printerfiles/list', { files: [] })
    engine.knows('DELETE printerfiles/send', {})
    await show(withFiles({ transfer: { name: 'part.gcode', sentBytes: 25, sizeBytes: 100 } }))
    expect(page.text()).toContain('part.gcode: 25\u2009% on the printer')
    engine.hold()
    await page.press('Cancel')
    expect(page.button('Cancel').disabled).toBe(true)
    engine.release()
    await page.settle()
    expect(engine.callsOf('DELETE printerfiles/send')).toEqual([{ serviceId }])
    expect(page.text()).toContain('part.gcode: 25\u2009% on the printer')
  })

  it('says why a file did not get there', async () => {
    engine.knows('GET printerfiles/list', { files: [] })
    await show(withFiles({ transferError: 'The card is full.' }))
    expect(page.text()).toContain('The last file did not get there: The card is full.')
  })
})

describe('a printer as Gantry has it', () => {
  it('is renamed, and removed only after a second word', async () => {
    await show(aPrinter())
    engine.knows('POST printersetup/rename', {})
    await type(fieldOf('Name'), 'Left one')
    expect(engine.callsOf('POST printersetup/rename')).toEqual([
      { serviceId: 'room.3dp', printerId: 'p1', name: 'Left one' },
    ])
    await page.press('Remove from Gantry')
    expect(engine.callsOf('POST printersetup/remove')).toEqual([])
    expect(page.text()).toContain('Remove Voron?')
    await page.press('Keep it')
    expect(engine.callsOf('POST printersetup/remove')).toEqual([])
  })

  it('lets things go wrong only where nothing is real', async () => {
    await show(aPrinter())
    expect(() => page.button('Pull the cable')).toThrow()
    await becomes(aPrinter({ simulated: true }))
    engine.knows('POST printersetup/break', {})
    await page.press('Pull the cable')
    expect(engine.callsOf('POST printersetup/break')).toEqual([
      { serviceId: 'room.3dp', printerId: 'p1', fault: 'cable' },
    ])
  })
})
