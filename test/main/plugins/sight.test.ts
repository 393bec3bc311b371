import { describe, expect, it } from 'vitest'
import { GantryError } from '../../../src/main/contract/error.ts'
import { routes } from '../../../src/main/contract/routes.ts'
import { refuse } from '../../../src/main/handlers/outcome.ts'
import { sightOf } from '../../../src/main/plugins/printer3d/sight.ts'
import { deviceOf } from '../../../src/main/printers/drivers/marlin/identity.ts'
import { parseFirmware } from '../../../src/main/printers/drivers/marlin/wire/firmware.ts'
import type { PrinterView } from '../../../src/main/printers/index.ts'
import { printerIn } from '../printers/fed-printer.ts'

const owner = sightOf('owner')
const applications = sightOf('applications')
const address = 'voron.example.org:7125'
/** A place in every text there is, each time another. */
const places = [address, 'voron.example.org', '10.0.0.7', 'old.example.org', 'cellar-pi', '/dev/ttyACM0']
const says = (nth: number) => `it is at ${places[nth % places.length]} now`

const view: PrinterView = {
  ...printerIn({
    link: {
      state: 'offline',
      since: 1,
      text: says(0),
      reason: 'printer.offline',
      cause: 'refused',
      attempts: 2,
    },
    machine: { state: 'error', text: says(1) },
    faults: [{ class: 'other', severity: 'error', text: says(2), recoverBy: 'none', since: 1 }],
    prompt: { id: 'x', text: says(3), buttons: ['Yes', says(4)] },
    queue: [{ order: 1, path: 'a.gcode', message: says(5), status: 'Pending' }],
    device: { hostName: 'cellar-pi', productName: says(4), firmwareRevision: '2.1.2.4', serialNumber: 'X17' },
    feed: undefined,
    heardAt: 5,
  }),
  address,
  identity: 'usb-path:1-1.2',
  movedFrom: 'old.example.org',
  notes: [
    { code: 'moved', params: { from: 'old.example.org', at: 5 } },
    { code: 'same-as', params: { name: 'Left', serial: 'X17' } },
  ],
  transferFailure: new GantryError('wire.closed', says(0), { host: address }),
}

describe('what an application sees of a printer', () => {
  const seen = applications.printer(view)

  it('holds no place, and all the rest', () => {
    const text = JSON.stringify(seen)
    for (const place of places) expect(text).not.toContain(place)
    expect(text).not.toContain('usb-path')
    expect(seen).toMatchObject({
      id: 'p',
      name: 'Left <one>',
      driver: 'marlin',
      simulated: false,
      notes: [
        { code: 'moved', params: { at: 5 } },
        { code: 'same-as', params: { name: 'Left', serial: 'X17' } },
      ],
      transferError: 'The line to the other side broke.',
      snapshot: {
        link: {
          state: 'offline',
          cause: 'refused',
          attempts: 2,
          text: expect.stringMatching(/nothing answers/),
        },
        machine: { state: 'error', text: 'it is at [address] now' },
        prompt: { id: 'x', buttons: ['Yes', 'it is at [address] now'] },
        queue: [{ order: 1, path: 'a.gcode', message: 'it is at [address] now' }],
        device: { productName: 'it is at [address] now', firmwareRevision: '2.1.2.4', serialNumber: 'X17' },
        heardAt: 5,
      },
    })
  })

  it('is of the form the routes promise', () => {
    const shape = routes['GET printers/one'].result.shape.printer.shape.snapshot
    expect(shape.parse(seen.snapshot)).toEqual(seen.snapshot)
  })

  it.each([
    ['the address it was found at', address, 'USB printer'],
    ['a URL', 'http://voron/', 'USB printer'],
    ['the host it was found at', 'voron.example.org', 'USB printer'],
    ['a name of the owner’s', 'Voron', 'Voron'],
  ])('its name is what the owner calls it, and its make where that is %s', (_, name, told) => {
    expect(applications.printer({ ...view, name }).name).toBe(told)
  })

  it('leaves out what was never said', () => {
    const { snapshot, ...rest } = applications.printer(printerIn({ heardAt: undefined }))
    expect('text' in snapshot.link || 'text' in snapshot.machine || 'prompt' in snapshot).toBe(false)
    expect(rest.transferError).toBeUndefined()
  })
})

describe('what an application hears of a printer', () => {
  it('of its terminal, without places', () => {
    const line = { at: 1, way: 'heard', text: says(1) } as const
    expect(applications.line(line, view)).toEqual({ ...line, text: 'it is at [address] now' })
  })

  it.each([
    ['offline', ''],
    ['connecting', ''],
    ['error', 'it is at [address] now'],
  ])('of its past, %s', (label, text) => {
    expect(applications.state({ at: 1, label, text: says(2) }, view)).toEqual({ at: 1, label, text })
  })

  it.each([
    ['printer.offline', 'The printer cannot be reached.'],
    ['printer.credentials', 'The printer wants a key, or the key is wrong.'],
    ['wire.redirected', 'The other side points to another address, which is never followed.'],
    ['printer.busy', 'it is at [address] now'],
    ['internal.bug', 'it is at [address] now'],
  ] as const)('of a failure, %s', (code, told) => {
    for (const nth of places.keys())
      expect(applications.sentence(new GantryError(code, says(nth)), view)).toBe(told)
  })

  it('of a contents server its address, which it knows', () => {
    const details = { of: 'contents-server' }
    const error = new GantryError('wire.malformed', 'models.local is no contents server.', details)
    expect(applications.sentence(error, view)).toBe(error.message)
    const unreachable = new GantryError('contents.unreachable', 'models.local is away.')
    expect(applications.sentence(unreachable, view)).toBe(unreachable.message)
  })

  it('of a refusal neither in its sentence nor in its parameters', () => {
    const refusal = refuse('printer.refused', says(0), { said: says(1), code: 400 })
    const told = { said: 'it is at [address] now', code: 400 }
    const without = { result: 1, code: 'printer.refused', message: 'it is at [address] now', params: told }
    expect(applications.refusal(refusal, view)).toEqual(without)
    expect(applications.refusal(refuse('printer.busy', 'COM3 is taken'), undefined).message).toBe(
      '[address] is taken',
    )
  })
})

it('the owner sees and hears all of it as it is', () => {
  const { identity: _, transferFailure, ...rest } = view
  expect(owner.printer(view)).toEqual({ ...rest, transferError: transferFailure?.message })
  const line = { at: 1, way: 'heard', text: says(1) } as const
  const state = { at: 1, label: 'offline', text: says(0) }
  const refusal = refuse('printer.offline', says(0), { host: address })
  expect(owner.line(line, view)).toBe(line)
  expect(owner.state(state, view)).toBe(state)
  expect(owner.refusal(refusal, view)).toBe(refusal)
  expect(owner.sentence(new GantryError('wire.closed', says(0)), view)).toBe(says(0))
})

it('the socket a board is plugged into is no number of the board', () => {
  const identity = parseFirmware('FIRMWARE_NAME:Marlin 2.1.2')
  if (!identity) throw new Error('no firmware was told')
  const firmware = {
    identity,
    capabilities: new Set<string>(),
    volume: undefined,
    freeMemoryBytes: undefined,
  }
  expect(deviceOf(firmware, { path: '/dev/ttyUSB0', locationId: '1-1.3' }).systemId).toBeUndefined()
  expect(
    deviceOf(firmware, { path: '/dev/ttyUSB0', locationId: '1-1.3', serialNumber: 'CZPX1234' }).systemId,
  ).toBe('CZPX1234')
})
