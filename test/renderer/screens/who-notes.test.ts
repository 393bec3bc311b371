import { afterEach, expect, it } from 'vitest'
import WhoNotes from '../../../src/renderer/screens/printer/WhoNotes.vue'
import { aPrinter } from '../fakes/a-printer.ts'
import { createFakeBridge } from '../fakes/fake-bridge.ts'
import { type MountedPage, mountPage } from '../fakes/mount-page.ts'

let page: MountedPage
afterEach(() => page.wrapper.unmount())

it('a printer’s move is told, and a mix-up until the person settles it', async () => {
  const engine = createFakeBridge()
  const room = { id: 'room.3dp', serviceId: 'room.3dp', name: 'Room', online: true, scopes: ['printersetup'] }
  engine.knows('GET servicediscovery', { services: [room] })
  engine.knows('GET printers/list', { sequence: 1, at: 0, full: true, printers: [], removed: [] })
  engine.knows('POST printersetup/recognise', {})
  const notes = [
    { code: 'maybe-swapped', params: { name: 'Right <i>' } },
    { code: 'moved', params: { from: '10.0.0.5', at: Date.UTC(2026, 10, 21, 12) } },
  ] as const
  page = await mountPage(WhoNotes, engine, { printer: aPrinter({ notes }) })
  expect(page.text()).toContain('This printer and Right <i> were unplugged at the same time')
  expect(page.text()).toMatch(/Moved here from 10\.0\.0\.5 on .*2026/)
  await page.press('It is right like this')
  expect(engine.callsOf('POST printersetup/recognise')).toEqual([{ serviceId: 'room.3dp', printerId: 'p1' }])
  engine.knows('POST printersetup/exchange', {})
  await page.press('They changed places')
  expect(engine.callsOf('POST printersetup/exchange')).toEqual([{ serviceId: 'room.3dp', printerId: 'p1' }])
})
