import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import PrintersScreen from '../../../src/renderer/screens/printers/PrintersScreen.vue'
import { type Printer, usePrinters } from '../../../src/renderer/stores/printers.ts'
import { aPrinter, paradeAt } from '../fakes/a-printer.ts'
import { createFakeBridge } from '../fakes/fake-bridge.ts'
import { type MountedPage, mountPage } from '../fakes/mount-page.ts'

let engine = createFakeBridge()
let page: MountedPage

const room = { id: 'r', serviceId: 'r', name: 'Room', online: true, scopes: ['printers', 'printersetup'] }
const named = (id: string, name: string): Printer => ({ ...aPrinter(), id, serviceId: `${id}.p`, name })
const list = (sequence: number, full: boolean, ...printers: Printer[]) => ({
  sequence,
  at: paradeAt,
  full,
  printers,
  removed: [],
})
const tell = (...event: Parameters<typeof list>) => engine.tell('EVENT printers/list', list(...event))
const asked = () => engine.callsOf('GET printers/list').length

beforeEach(() => {
  engine = createFakeBridge()
  engine.knows('GET servicediscovery', { services: [room] })
})
afterEach(() => page.wrapper.unmount())

describe('the printers a page knows', () => {
  const names = () => usePrinters().printers.map(({ name }) => name)
  const show = async () => {
    page = await mountPage(PrintersScreen, engine)
  }

  it('are asked for again after a gap, once, and what was told meanwhile stays', async () => {
    engine.knows('GET printers/list', list(1, true, named('a', 'A1'), named('b', 'B1')))
    await show()
    const before = asked()
    engine.hold()
    engine.knows('GET printers/list', list(7, true, named('a', 'A7'), named('b', 'B7')))
    tell(7, false, named('a', 'A7'))
    tell(8, false, named('b', 'B8'))
    engine.release()
    await page.settle()
    expect(names()).toEqual(['A7', 'B8'])
    tell(9, false, named('a', 'A9'))
    await page.settle()
    expect(names()).toEqual(['A9', 'B8'])
    expect(asked()).toBe(before + 1)
  })

  it('lose those that a full list does not name', async () => {
    engine.knows('GET printers/list', list(1, true, named('a', 'A'), named('b', 'B')))
    await show()
    tell(2, true, named('b', 'B'))
    await page.settle()
    expect(names()).toEqual(['B'])
  })
})

describe('the wall of a hundred', () => {
  it('changes only the card whose printer said something', async () => {
    const all = Array.from({ length: 100 }, (_, at) => named(`p${at}`, `Printer ${at}`))
    engine.knows('GET printers/list', list(1, true, ...all))
    page = await mountPage(PrintersScreen, engine)
    const changed = new Set<string | null | undefined>()
    const observer = new MutationObserver(records => {
      for (const { target } of records) {
        const card = target.parentElement?.closest('article')
        if (card) changed.add(card.querySelector('h2')?.textContent)
      }
    })
    observer.observe(document.body, { subtree: true, characterData: true, childList: true, attributes: true })
    const third = all[3] ?? aPrinter()
    const heaters = third.snapshot.heaters.map(heater => ({ ...heater, actualC: 199.9 }))
    tell(2, false, { ...third, snapshot: { ...third.snapshot, heaters } })
    await page.settle()
    observer.disconnect()
    expect(page.text()).toContain('199.9')
    expect([...changed]).toEqual(['Printer 3'])
  })
})
