import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { drivers } from '../../../src/main/printers/registry.ts'
import { createPrinters } from '../../../src/main/printers/service.ts'
import { migrations, openStore, type Store } from '../../../src/main/store/index.ts'
import { createFakeClock, type FakeClock } from '../../fakes/clock.ts'
import { createLogRecorder } from '../../fakes/log.ts'
import { makeTempDir } from '../../fakes/temp-dir.ts'
import { settled } from './driver-kit.ts'

vi.setConfig({ testTimeout: 30_000 })

const stray = 'hunter2-which-nobody-asked-for'
const strays = { password: stray, note: `note of ${stray}`, constructor: stray, toString: stray }
/** Nobody is there: what is kept is all that counts. */
const url = 'http://127.0.0.1:9'

let clock: FakeClock
let dir: string
let shutters: (() => Promise<void>)[]

beforeEach(() => {
  clock = createFakeClock()
  dir = makeTempDir()
  shutters = []
})

async function open(): Promise<Store> {
  const { log } = createLogRecorder()
  const { store, close } = await openStore({ file: join(dir, 'gantry.sqlite'), clock, log, migrations })
  shutters.push(async () => close())
  return store
}
async function begin() {
  const { log } = createLogRecorder()
  const store = await open()
  let count = 0
  const printers = createPrinters({
    clock,
    logger: () => log,
    store,
    secrets: { protect: text => Buffer.from(text).toString('base64'), reveal: text => atob(text) },
    drivers,
    serial: { list: async () => [], open: () => Promise.reject(new Error('no ports')) },
    random: () => 0.5,
    uuid: () => `0000000${count++}-test-${clock.now()}`,
  })
  await printers.start()
  shutters.unshift(() => settled(clock, printers.stop()))
  return { printers, store }
}
async function end(): Promise<void> {
  for (const shut of shutters.splice(0)) await shut()
}
/** Of the database and of all that lies beside it. */
const onDisk = () =>
  readdirSync(dir)
    .map(name => readFileSync(join(dir, name)).toString('latin1'))
    .join('\n')
const configOf = (store: Store) =>
  store.all('SELECT config FROM printer', [], {
    parse: row => JSON.parse((row as { config: string }).config),
  })

describe('of what comes as a printer’s config', () => {
  it('the fields of its make are kept, and nothing else is ever written', async () => {
    const { printers, store } = await begin()
    const id = await printers.add({
      driver: 'octoprint',
      name: 'Desk',
      config: { url, apiKey: 'k', ...strays },
    })
    expect(configOf(store)).toEqual([{ url }])
    printers.configure(id, { apiKey: 'another', ...strays })
    printers.moved(id, { url: 'http://127.0.0.1:19', ...strays })
    expect(configOf(store)).toEqual([{ url: 'http://127.0.0.1:19' }])
    expect(onDisk()).not.toContain(stray)
    await end()
    expect(onDisk()).not.toContain(stray)
  })

  it('a board keeps what it is known by, which no form asks for', async () => {
    const { printers, store } = await begin()
    const config = { port: '/dev/ttyUSB0', baudRate: 115_200, identity: 'usb:7', ...strays }
    await printers.add({ driver: 'marlin', name: 'Desk', config })
    expect(configOf(store)).toEqual([{ port: '/dev/ttyUSB0', baudRate: 115_200, identity: 'usb:7' }])
    await end()
  })

  it('what an earlier Gantry wrote down beyond them is gone from the disk after the next start', async () => {
    const before = await open()
    before.run(
      `INSERT INTO printer (id, driver, name, config, simulated, added_at)
VALUES ('p', 'octoprint', 'Desk', ?, 0, 0)`,
      [JSON.stringify({ url, ...strays })],
    )
    await end()
    expect(onDisk()).toContain(stray)
    const { store } = await begin()
    expect(configOf(store)).toEqual([{ url }])
    // Also while it runs: an engine may run for months.
    expect(onDisk()).not.toContain(stray)
    await end()
    expect(onDisk()).not.toContain(stray)
  })

  it('nothing is written at a start where nothing has to go', async () => {
    const { printers } = await begin()
    await printers.add({ driver: 'octoprint', name: 'Desk', config: { url, apiKey: 'k' } })
    await end()
    const store = await open()
    store.run(
      `CREATE TRIGGER no_writing BEFORE UPDATE ON printer BEGIN SELECT raise(ABORT, 'it was written'); END`,
    )
    await end()
    const { printers: again } = await begin()
    expect(again.list().map(({ name }) => name)).toEqual(['Desk'])
    await end()
  })
})

it.each(drivers.map(driver => [driver.id, driver] as const))(
  '%s says of each field of its config that it is its own',
  (_, driver) => {
    const some = {
      url,
      apiKey: 'k',
      username: 'maker',
      password: 'p',
      port: '/dev/ttyUSB0',
      baudRate: 0,
      identity: 'usb:7',
      foundBaudRate: 115_200,
      opening: 'resets',
      leave: 'halted',
    }
    // A field that is not declared would be lost at the next start.
    expect(Object.keys(driver.parseConfig(some)).toSorted()).toEqual(driver.fields.toSorted())
  },
)
