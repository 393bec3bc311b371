import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { GantryError } from '../../../src/main/contract/error.ts'
import { nothing } from '../../../src/main/printers/driver/capabilities.ts'
import type { PrinterDriver } from '../../../src/main/printers/driver/driver.ts'
import { createSessionVoice, type SessionVoice } from '../../../src/main/printers/driver/session-voice.ts'
import type { Printers, PrintersEvents } from '../../../src/main/printers/printers.ts'
import { createPrinters } from '../../../src/main/printers/service.ts'
import { copied } from '../../../src/main/printers/wire/print-file.ts'
import type { Store } from '../../../src/main/store/index.ts'
import { createFakeClock, type FakeClock } from '../../fakes/clock.ts'
import { createLogRecorder, type LogLine } from '../../fakes/log.ts'
import { openTestStore } from '../../fakes/store.ts'
import { feed } from './fed-printer.ts'
import { printFile } from './print-file.ts'

const { signal } = new AbortController()

let clock: FakeClock
let store: Store
let printers: Printers
let lines: LogLine[]
let loggers: string[]
let voices: SessionVoice[]
let told: unknown[]
let configs: unknown[]
let refuse: GantryError | undefined

const can = { ...nothing, pause: true, emergencyStop: 'true-stop', upload: true } as const

const driver: PrinterDriver = {
  id: 'test',
  name: 'Test',
  form: [],
  fields: ['url'],
  can,
  accepts: ['gcode'],
  recognise: () => undefined,
  parseConfig: () => ({}),
  async open(config) {
    configs.push(config)
    if (refuse) throw refuse
    const voice = createSessionVoice()
    voices.push(voice)
    return {
      can,
      on: voice.on,
      perform: async command => {
        told.push(command)
      },
      begin: async what => {
        told.push(what)
        return copied
      },
      put: async ({ name }) => {
        told.push(name)
        return { path: name, name }
      },
      listFiles: async () => [{ path: 'a', name: 'a' }],
      focus: looks => told.push(looks),
      takeToken: async token => {
        told.push(token)
      },
      async close() {
        told.push('closed')
        voice.silence()
      },
    }
  },
}

function build(): Printers {
  const recorder = createLogRecorder()
  lines = recorder.lines
  loggers = []
  let count = 0
  return createPrinters({
    clock,
    logger(name) {
      loggers.push(name)
      return recorder.log
    },
    store,
    secrets: { protect: text => text, reveal: text => text },
    drivers: [driver, { ...driver, id: 'prusalink' }],
    serial: { list: async () => [], open: () => Promise.reject(new Error('no ports')) },
    random: () => 0.5,
    uuid: () => String(++count).padStart(12, '0'),
  })
}

beforeEach(async () => {
  clock = createFakeClock()
  store = await openTestStore(clock)
  voices = []
  told = []
  configs = []
  refuse = undefined
  printers = build()
  await printers.start()
})
afterEach(() => printers.stop())

async function add(name: string): Promise<string> {
  const id = await printers.add({ driver: 'test', name, config: { url: name } })
  await clock.advance(0)
  return id
}
const linkOf = (id: string) => printers.get(id).snapshot.link
const heard = <Name extends keyof PrintersEvents>(name: Name): PrintersEvents[Name][] => {
  const events: PrintersEvents[Name][] = []
  printers.on(name, event => events.push(event))
  return events
}

describe('the verbs of the room', () => {
  it('reach the printer that is named: who looks at it, and what it is to fetch', async () => {
    const id = await add('Left')
    const token = { url: 'https://x', serviceId: 's', accessToken: 'a', secureToken: 't', nonce: 'n' }
    const leave = printers.focus(id)
    leave()
    voices[0]?.say({ kind: 'machine', state: 'idle' })
    await printers.handToken(id, token)
    expect(told).toEqual([true, false, token])
  })

  it('reach it with commands and files, and all of them with a stop', async () => {
    const [left, right] = [await add('Left'), await add('Right')]
    voices[0]?.say({ kind: 'machine', state: 'printing' })
    voices[1]?.say({ kind: 'machine', state: 'idle' })
    await printers.perform(left, { kind: 'pause' })
    await printers.send(right, printFile('a.gcode', 'G28'), false, signal)
    expect(told).toEqual([{ kind: 'pause' }, 'a.gcode'])
    expect(await printers.listFiles(left, signal)).toEqual([{ path: 'a', name: 'a' }])
    expect(await printers.stopAll()).toEqual({ stopped: [left, right], failed: [], left: [] })
    expect(told.slice(2)).toEqual([{ kind: 'emergency-stop' }, { kind: 'emergency-stop' }])
  })

  it('refuse a print while a part may be on the bed, until that is said to be clear', async () => {
    const id = await add('Left')
    voices[0]?.say({ kind: 'machine', state: 'idle' })
    voices[0]?.say({ kind: 'job', job: { state: 'done', run: '1' } })
    const onBed = expect.objectContaining({ code: 'printer.bed-to-clear' })
    expect(() => printers.refuseToPrint(id)).toThrow(onBed)
    printers.clearBed(id, 'owner')
    expect(() => printers.refuseToPrint(id)).not.toThrow()
  })

  it('make the next try for a line now: counted on for a call, from the start for a person', async () => {
    refuse = new GantryError('printer.offline', 'away')
    const id = await add('Left')
    expect(linkOf(id)).toMatchObject({ state: 'offline', attempts: 1 })
    printers.tryNow(id)
    await clock.advance(0)
    expect(linkOf(id)).toMatchObject({ state: 'offline', attempts: 2 })
    printers.reconnect(id)
    await clock.advance(0)
    expect(linkOf(id)).toMatchObject({ state: 'offline', attempts: 1 })
  })
})

it('a simulated printer answers until the room is stopped', async () => {
  await printers.simulate('prusalink')
  await clock.advance(0)
  const { url } = configs[0] as { url: string }
  const answers = () =>
    fetch(url).then(
      () => true,
      () => false,
    )
  expect(await answers()).toBe(true)
  await printers.stop()
  expect(await answers()).toBe(false)
})

describe('what the room tells', () => {
  it('names the printer: of a line of its terminal, and when it is removed', async () => {
    const [said, removed, changed] = [heard('line'), heard('removed'), heard('changed')]
    const id = await add('Left')
    expect(new Set(changed)).toEqual(new Set([id]))
    voices[0]?.say({ kind: 'line', way: 'sent', text: 'M115' })
    await printers.remove(id)
    expect(said).toEqual([{ printerId: id, at: clock.now(), way: 'sent', text: 'M115' }])
    expect(removed).toEqual([id])
  })

  it('reaches everybody, although one who listens fails, which is logged', async () => {
    printers.on('removed', () => {
      throw new Error('a bad listener')
    })
    const removed = heard('removed')
    const id = await add('Left')
    await printers.remove(id)
    expect(removed).toEqual([id])
    expect(lines.filter(({ level }) => level === 'error')).toMatchObject([
      { fields: { error: new Error('a bad listener') } },
    ])
  })

  it('is logged under its own name, that of each printer under the one of its make', async () => {
    await add('Left')
    expect([printers.name, new Set(loggers)]).toEqual(['printers', new Set(['printers', 'printers.test'])])
  })

  it('objects to quitting by naming every printer that is fed', async () => {
    for (const name of ['Left', 'Right', 'Third']) await add(name)
    expect(printers.quitVeto()).toBeUndefined()
    for (const voice of voices.slice(0, 2)) voice.say({ kind: 'feed', feed: feed(true) })
    expect(printers.quitVeto()).toEqual({
      room: 'printers',
      reason: 'Left, Right: the print is fed from this computer and would be lost.',
      printers: ['Left', 'Right'],
    })
  })
})

it('a room that is drained has closed every line, and opens none any more', async () => {
  for (const name of ['Left', 'Right']) await add(name)
  await printers.drain()
  expect(told).toEqual(['closed', 'closed'])
  await add('Late')
  expect(configs).toHaveLength(2)
})

describe('the room, started again', () => {
  it('has every printer but the one that cannot be set up, which the log names once', async () => {
    const [left, right] = [await add('Left'), await add('Right')]
    await printers.stop()
    // Of a make that nobody simulates any more.
    store.run('UPDATE printer SET simulated = 1 WHERE id = ?', [left])
    printers = build()
    await printers.start()
    expect(printers.list().map(({ id }) => id)).toEqual([right])
    expect(lines.filter(({ level }) => level === 'error')).toMatchObject([{ fields: { printerId: left } }])
  })

  it.each([
    ['one printer was kept with more than is its own', true, 1],
    ['each was kept with its own only', false, 0],
  ])('wipes what was written over from the disk when %s', async (_what, hasStray, times) => {
    const [left] = [await add('Left'), await add('Right')]
    await printers.stop()
    const config = JSON.stringify({ url: 'Left', ...(hasStray && { stray: 'x' }) })
    store.run('UPDATE printer SET config = ? WHERE id = ?', [config, left])
    const run = vi.spyOn(store, 'run')
    printers = build()
    await printers.start()
    const wiped = run.mock.calls.filter(([sql]) => sql.includes('wal_checkpoint'))
    expect(wiped).toHaveLength(times)
  })

  it('knows which print an earlier life fed, and asks for the bed', async () => {
    const id = await add('Left')
    voices[0]?.say({ kind: 'job', job: { state: 'running', run: '1', name: 'cube.gcode' } })
    voices[0]?.say({ kind: 'feed', feed: feed(true) })
    // Gantry crashes: the first life is never stopped, so that nothing of it is put in order.
    const crashed = printers
    printers = build()
    await printers.start()
    expect(printers.get(id)).toMatchObject({
      bedToClear: true,
      snapshot: { job: { state: 'failed', name: 'cube.gcode' } },
    })
    await crashed.stop()
  })
})
