import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { WebSocketServer } from 'ws'
import { GantryError } from '../../../src/main/contract/error.ts'
import { nothing } from '../../../src/main/printers/driver/capabilities.ts'
import type { PrinterDriver } from '../../../src/main/printers/driver/driver.ts'
import { createSessionVoice, type SessionVoice } from '../../../src/main/printers/driver/session-voice.ts'
import type { Printers } from '../../../src/main/printers/printers.ts'
import { createPrinters } from '../../../src/main/printers/service.ts'
import { copied } from '../../../src/main/printers/wire/print-file.ts'
import { parseJson } from '../../../src/main/printers/wire/readings.ts'
import { mostMessagesPerS, openSocket } from '../../../src/main/printers/wire/socket-line.ts'
import type { Store } from '../../../src/main/store/index.ts'
import { createFakeClock, type FakeClock } from '../../fakes/clock.ts'
import { createLogRecorder } from '../../fakes/log.ts'
import { openTestStore } from '../../fakes/store.ts'

vi.setConfig({ testTimeout: 30_000 })

/** How a printer of the room behaves: it answers, nobody listens, or it takes the call and says nothing. */
type Manner = 'well' | 'refusing' | 'silent' | 'wrong key'

let clock: FakeClock
let store: Store
let printers: Printers
let manners: Map<string, Manner>
let voices: Map<string, SessionVoice>
/** When each line was opened, by printer. */
let openedMs: Map<string, number[]>

const well = (count: number) => Array.from({ length: count }, (_, at): [string, Manner] => [`p${at}`, 'well'])
const states = () => printers.list().map(({ snapshot }) => snapshot.link.state)
const countOf = (state: string) => states().filter(each => each === state).length

const driver: PrinterDriver = {
  id: 'test',
  name: 'Test',
  form: [],
  fields: ['url'],
  can: nothing,
  accepts: ['gcode'],
  recognise: () => undefined,
  parseConfig: () => ({}),
  async open(config, { signal }) {
    const { url } = config as { url: string }
    openedMs.set(url, [...(openedMs.get(url) ?? []), clock.elapsed()])
    const manner = manners.get(url)
    if (manner === 'refusing') throw new GantryError('printer.offline', 'Nobody listens there.')
    if (manner === 'wrong key') throw new GantryError('printer.credentials', 'The key is wrong.')
    if (manner === 'silent') {
      await new Promise((_, reject) =>
        signal.addEventListener('abort', () => reject(new GantryError('cancelled', 'stopped'))),
      )
    }
    const voice = createSessionVoice()
    voices.set(url, voice)
    const begin = async () => copied
    return { can: nothing, on: voice.on, perform: async () => {}, begin, close: async () => voice.silence() }
  },
}

/** A generator of its own, so that a failure can be seen again. */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32
    return state / 2 ** 32
  }
}

function build(): Printers {
  const { log } = createLogRecorder()
  let count = 0
  return createPrinters({
    clock,
    logger: () => log,
    store,
    secrets: { protect: text => text, reveal: text => text },
    drivers: [driver],
    serial: { list: async () => [], open: () => Promise.reject(new Error('no ports')) },
    random: seeded(7),
    uuid: () => `${String(++count).padStart(12, '0')}`,
  })
}

async function fill(room: readonly (readonly [string, Manner])[]): Promise<void> {
  manners = new Map(room)
  for (const [url] of room) await printers.add({ driver: 'test', name: url, config: { url } })
}

beforeEach(async () => {
  clock = createFakeClock()
  store = await openTestStore(clock)
  voices = new Map()
  openedMs = new Map()
  manners = new Map()
  printers = build()
  await printers.start()
})
afterEach(() => printers.stop())

describe('a room of a hundred printers', () => {
  it('opens every line at once when Gantry starts', async () => {
    await fill(well(100))
    await printers.stop()
    openedMs.clear()
    const startMs = clock.elapsed()
    printers = build()
    await printers.start()
    await clock.advance(0)
    expect([...openedMs.values()].flat()).toEqual(Array.from({ length: 100 }, () => startMs))
    expect(countOf('online')).toBe(100)
  })

  it('has its 80 live ones before any of 20 dead ones has run into a limit', async () => {
    const kinds: Manner[] = ['refusing', 'silent', 'wrong key']
    const room = well(100).map(([url, manner], at): [string, Manner] => [
      url,
      at % 5 === 0 ? (kinds[at % 3] ?? manner) : manner,
    ])
    await fill(room)
    await clock.advance(0)
    expect(countOf('online')).toBe(80)
    await clock.advance(31_000)
    expect(countOf('online')).toBe(80)
    const reasons = printers.list().flatMap(({ snapshot: { link } }) => link.reason ?? [])
    expect(new Set(reasons)).toEqual(new Set(['printer.offline', 'printer.credentials', 'wire.timeout']))
    for (const { snapshot } of printers.list()) {
      if (snapshot.link.state === 'offline') expect(snapshot.link.text).toMatch(/\.$/)
    }
  })

  it('asks a dead printer at most once in 24 s in the long run, and one with a wrong key every five minutes', async () => {
    await fill([
      ['dead', 'refusing'],
      ['locked', 'wrong key'],
    ])
    await clock.advance(60_000)
    openedMs.clear()
    await clock.advance(3_600_000)
    expect(openedMs.get('dead')?.length).toBeLessThanOrEqual(150)
    expect(openedMs.get('dead')?.length).toBeGreaterThanOrEqual(100)
    expect(openedMs.get('locked')?.length).toBeLessThanOrEqual(13)
  })

  it('comes back spread over seconds after the network was away, not in one instant', async () => {
    await fill(well(100))
    await clock.advance(0)
    for (const url of manners.keys()) manners.set(url, 'refusing')
    for (const voice of [...voices.values()])
      voice.end(new GantryError('wire.closed', 'The network is gone.'))
    await clock.advance(120_000)
    for (const url of manners.keys()) manners.set(url, 'well')
    openedMs.clear()
    await clock.advance(37_000)
    expect(countOf('online')).toBe(100)
    const perSecond = new Map<number, number>()
    for (const [first = 0] of openedMs.values()) {
      const second = Math.floor(first / 1_000)
      perSecond.set(second, (perSecond.get(second) ?? 0) + 1)
    }
    expect(Math.max(...perSecond.values())).toBeLessThanOrEqual(15)
    expect(perSecond.size).toBeGreaterThanOrEqual(12)
  })

  it('tells one change however many facts a printer says in one breath', async () => {
    await fill(well(2))
    await clock.advance(0)
    const told: string[] = []
    printers.on('changed', id => told.push(printers.get(id).name))
    voices.get('p0')?.say({ kind: 'machine', state: 'printing' })
    voices.get('p0')?.say({ kind: 'job', job: { state: 'running', run: '1' } })
    voices.get('p0')?.say({ kind: 'fans', fans: [] })
    await Promise.resolve()
    expect(told).toEqual(['p0'])
    expect(printers.list()[0]?.snapshot.label).toBe('printing')
  })

  it('writes its states together and has them all after a restart', async () => {
    await fill(well(100))
    await clock.advance(300)
    const rows = () =>
      store.all('SELECT DISTINCT printer_id FROM state_change', [], { parse: row => row }).length
    expect(rows()).toBe(100)
  })
})

describe('one printer that shouts', () => {
  it('is heard no faster than its share, without a word lost', async () => {
    const server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const total = 2_000
    const word = JSON.stringify({ word: 'x'.repeat(4_000) })
    server.on('connection', socket => {
      socket.once('message', () => {
        for (let at = 0; at < total; at += 1) socket.send(word)
      })
    })
    const signal = new AbortController().signal
    const line = await openSocket({ url: new URL(`ws://127.0.0.1:${port}`), clock, signal })
    let heard = 0
    line.onMessage(() => {
      heard += 1
    })
    line.send('go')
    const quiet = async () => {
      for (let before = -1; before !== heard; ) {
        before = heard
        for (let turn = 0; turn < 50; turn += 1) await new Promise(resolve => setImmediate(resolve))
      }
    }
    await vi.waitFor(() => expect(heard).toBeGreaterThanOrEqual(mostMessagesPerS))
    await quiet()
    // What had been read off the wire when it was its turn to stop is heard too: one buffer of the system's.
    expect(heard).toBeLessThan(mostMessagesPerS + 50)
    for (let second = 0; second < 15 && heard < total; second += 1) {
      await clock.advance(1_000)
      await quiet()
    }
    await vi.waitFor(() => expect(heard).toBe(total))
    line.close()
    for (const client of server.clients) client.terminate()
    server.close()
  })

  it('does not hold anybody up with megabytes of nothing', () => {
    // What walks back and forth over them takes hours; the limit of any test is the limit here.
    expect(parseJson(' '.repeat(4_000_000))).toBeUndefined()
    expect(parseJson(`[${' '.repeat(2_000_000)}x NaN${' '.repeat(2_000_000)}`)).toBeUndefined()
    expect(parseJson(`[${'NaN '.repeat(1_000_000)}`)).toBeUndefined()
    expect(parseJson('{"a": NaN, "b": [-Infinity , 1], "c": "is NaN"}')).toEqual({
      a: null,
      b: [null, 1],
      c: 'is NaN',
    })
  })
})
