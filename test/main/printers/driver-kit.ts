import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { isGantryError } from '../../../src/main/contract/error.ts'
import type { Capabilities } from '../../../src/main/contract/printer.ts'
import { allows } from '../../../src/main/printers/driver/capabilities.ts'
import type {
  DriverContext,
  PrinterCommand,
  PrinterDriver,
  PrinterSession,
  SessionEvent,
} from '../../../src/main/printers/driver/driver.ts'
import type { SerialPorts } from '../../../src/main/printers/serial/serial-ports.ts'
import { createHttpClient } from '../../../src/main/printers/wire/http-client.ts'
import { createFakeClock, type FakeClock } from '../../fakes/clock.ts'
import { createLogRecorder, type LogLine } from '../../fakes/log.ts'

/** What the kit needs of a driver's own world: a device that behaves, and the means to make it misbehave. */
export interface Peer {
  readonly config: Readonly<Record<string, unknown>>
  /** The ports the device is on, for drivers of serial printers. */
  readonly serial?: SerialPorts
  /** Must never be found in the log. */
  readonly secret?: string
  /** A config with which the device refuses, where it knows keys. */
  readonly wrongConfig?: Readonly<Record<string, unknown>>
  /** The line breaks, as by a pulled cable; nothing answers until `restore`. */
  cut(): void | Promise<void>
  restore(): void | Promise<void>
  /** From now on the device answers with noise. */
  rubbish(): void
  /** From now on the device answers, but only after this many milliseconds of the injected clock. */
  late(delayMs: number): void
  stop(): Promise<void>
}

export interface KitOptions {
  readonly driver: PrinterDriver
  createPeer(clock: FakeClock): Promise<Peer>
  /** A session must have told its machine's state within this long after opening. */
  readonly stateWithinMs?: number
  /** ... and must have noticed a dead line within this long. */
  readonly noticesWithinMs?: number
}

export interface Bench {
  readonly clock: FakeClock
  readonly peer: Peer
  readonly lines: LogLine[]
  readonly shutdown: AbortController
  open(config?: unknown): Promise<Watched>
  context(): DriverContext
  end(): Promise<void>
}

/** A session with everything it said so far. */
export interface Watched {
  readonly session: PrinterSession
  readonly events: SessionEvent[]
  /** From here on `next` looks only at what is said later. */
  mark(): void
  /** The last event of a kind, once there is one that fits. */
  next<Kind extends SessionEvent['kind']>(
    kind: Kind,
    fits?: (event: Extract<SessionEvent, { kind: Kind }>) => boolean,
    withinMs?: number,
  ): Promise<Extract<SessionEvent, { kind: Kind }>>
}

const realLimitMs = 25_000
// Whole prints pass in injected time, but every reply on the way crosses a real socket.
vi.setConfig({ testTimeout: 30_000 })

/**
 * Lets injected time pass in small steps, with real sockets served in between, until something is true. No
 * sleeping: every turn of the loop waits only for what the operating system has ready.
 */
export async function until(
  clock: FakeClock,
  what: string,
  holds: () => boolean,
  withinMs = 20_000,
): Promise<void> {
  const startedAt = performance.now()
  const fakeStartedAt = clock.elapsed()
  while (!holds()) {
    const fakeMs = clock.elapsed() - fakeStartedAt
    if (fakeMs > withinMs && performance.now() - startedAt > 500)
      throw new Error(`${what}: not within ${withinMs} ms`)
    if (performance.now() - startedAt > realLimitMs)
      throw new Error(`${what}: not within ${realLimitMs} real ms`)
    // Injected time may not run away from the sockets: after the limit only reality gets more turns.
    if (fakeMs <= withinMs) await clock.advance(withinMs > 60_000 ? 250 : 50)
    for (let turn = 0; turn < 20 && !holds(); turn++)
      await new Promise<void>(resolve => setImmediate(resolve))
  }
}

/** A promise that needs injected time to pass before it settles. */
export async function settled<Value>(
  clock: FakeClock,
  promise: Promise<Value>,
  withinMs = 60_000,
): Promise<Value> {
  let over = false
  const watched = promise.finally(() => {
    over = true
  })
  watched.catch(() => {})
  await until(clock, 'a promise settles', () => over, withinMs)
  return watched
}

export async function createBench(options: KitOptions): Promise<Bench> {
  const clock = createFakeClock()
  const { log, lines } = createLogRecorder()
  const peer = await options.createPeer(clock)
  const shutdown = new AbortController()
  const http = createHttpClient(clock)
  const context = (): DriverContext => ({
    log,
    clock,
    random: () => 0.5,
    http,
    signal: shutdown.signal,
    serial: peer.serial ?? {
      list: async () => [],
      open: async () => {
        throw new Error('this driver has no business with serial ports')
      },
    },
  })
  const opened: PrinterSession[] = []
  return {
    clock,
    peer,
    lines,
    shutdown,
    context,
    async open(config = peer.config) {
      const session = await settled(clock, options.driver.open(config, context()))
      opened.push(session)
      return watch(clock, session)
    },
    async end() {
      await Promise.all(opened.map(session => settled(clock, session.close())))
      http.close()
      await peer.stop()
    },
  }
}

function watch(clock: FakeClock, session: PrinterSession): Watched {
  const events: SessionEvent[] = []
  let marked = 0
  session.on(event => {
    events.push(event)
  })
  return {
    session,
    events,
    mark() {
      marked = events.length
    },
    async next(kind, fits = () => true, withinMs) {
      type Wanted = Extract<SessionEvent, { kind: typeof kind }>
      const find = () =>
        events
          .slice(marked)
          .findLast((event): event is Wanted => event.kind === kind && fits(event as Wanted))
      await until(clock, `a fitting event “${kind}”`, () => find() !== undefined, withinMs)
      const event = find()
      if (event === undefined) throw new Error('unreachable')
      return event
    },
  }
}

const everyCommand: readonly PrinterCommand[] = [
  { kind: 'pause' },
  { kind: 'resume' },
  { kind: 'cancel' },
  { kind: 'emergency-stop' },
  { kind: 'set-temperature', heater: 'nozzle0', targetC: 50 },
  { kind: 'home', axes: 'xy' },
  { kind: 'jog', xMm: 1 },
  { kind: 'extrude', mm: 1 },
  { kind: 'set-fan', percent: 10 },
  { kind: 'run-macro', name: 'NO_SUCH_MACRO' },
  { kind: 'send-gcode', line: 'M115' },
  { kind: 'answer-prompt', promptId: 'none', button: 0 },
  { kind: 'restart-machine' },
  { kind: 'delete-file', path: 'no-such-file.gcode' },
  { kind: 'enqueue', path: 'no-such-file.gcode' },
  { kind: 'dequeue', id: 'none' },
]

/** What no firmware and no host may get as part of a word: some of it ends a line, all of it is invisible. */
const controlCharacters: readonly (readonly [string, string])[] = [
  ['a line feed', '\n'],
  ['a carriage return', '\r'],
  ['a null', '\0'],
  ['an escape', '\u001b'],
  ['a delete', '\u007f'],
  ['a C1 control', '\u0085'],
  ['a line separator', '\u2028'],
  ['a paragraph separator', '\u2029'],
]

const code = (thrown: unknown) => (isGantryError(thrown) ? thrown.code : String(thrown))

/** What every driver must do, whatever it drives. A driver's own test calls this, then adds its oddities. */
export function driverKit(options: KitOptions): void {
  const { driver, stateWithinMs = 5_000, noticesWithinMs = 120_000 } = options

  describe(`${driver.id} keeps the driver contract`, () => {
    let bench: Bench

    beforeEach(async () => {
      bench = await createBench(options)
    })
    afterEach(async () => bench.end())

    it('opens and closes cleanly twice', async () => {
      for (let round = 0; round < 2; round++) {
        const { session } = await bench.open()
        await settled(bench.clock, session.close())
        await settled(bench.clock, session.close())
      }
      expect(bench.clock.waiting().filter(name => name.startsWith('printers.'))).toEqual([])
    })

    it('reports its state soon after opening', async () => {
      const watched = await bench.open()
      const { state } = await watched.next('machine', () => true, stateWithinMs)
      expect(state).not.toBe('unknown')
      await watched.next('heaters', ({ heaters }) => heaters.length > 0, stateWithinMs)
    })

    it('tells a listener who comes late everything it has said', async () => {
      const watched = await bench.open()
      await watched.next('machine')
      const late: SessionEvent[] = []
      watched.session.on(event => {
        late.push(event)
      })
      const kinds = (events: readonly SessionEvent[]) => new Set(events.map(event => event.kind))
      expect(kinds(late).has('machine')).toBe(true)
    })

    it('refuses what it cannot do with printer.unsupported', async () => {
      const watched = await bench.open()
      await watched.next('machine')
      const cannot = everyCommand.filter(command => !allows(watched.session.can, command))
      for (const command of cannot) {
        const thrown = await settled(bench.clock, watched.session.perform(command)).catch(
          (error: unknown) => error,
        )
        expect([command.kind, code(thrown)]).toEqual([command.kind, 'printer.unsupported'])
      }
    })

    it.each(controlCharacters)(
      'refuses %s in any word of a command, and names the word',
      async (_name, odd) => {
        const { session } = await bench.open()
        const smuggled = `a${odd}M104 S290`
        const commands: readonly (readonly [string, PrinterCommand])[] = [
          ['path', { kind: 'delete-file', path: smuggled }],
          ['path', { kind: 'enqueue', path: smuggled }],
          ['id', { kind: 'dequeue', id: smuggled }],
          ['heater', { kind: 'set-temperature', heater: smuggled, targetC: 50 }],
          ['axes', { kind: 'home', axes: smuggled }],
          ['name', { kind: 'run-macro', name: smuggled }],
          ['line', { kind: 'send-gcode', line: smuggled }],
          ['promptId', { kind: 'answer-prompt', promptId: smuggled, button: 0 }],
        ]
        const calls = commands.map(([word, command]) => [word, () => session.perform(command)] as const)
        const begin = async () => void (await session.begin({ from: 'printer', path: smuggled }))
        for (const [word, call] of [...calls, ['path', begin] as const]) {
          const thrown = await settled(bench.clock, call()).catch((error: unknown) => error)
          expect([word, code(thrown)]).toEqual([word, 'request.invalid'])
          expect(thrown).toMatchObject({ details: { name: word }, message: expect.stringContaining(word) })
        }
      },
    )

    it('says no more than its family can', async () => {
      const watched = await bench.open()
      await watched.next('machine')
      const flags = (can: Capabilities) => Object.entries(can).filter(([, value]) => value === true)
      for (const [name] of flags(watched.session.can)) expect(driver.can).toHaveProperty(name, true)
    })

    it('ends with one event and a reason when the line is cut', async () => {
      const watched = await bench.open()
      await watched.next('machine')
      await bench.peer.cut()
      const { reason } = await watched.next('ended', () => true, noticesWithinMs)
      expect(['printer.offline', 'wire.closed', 'wire.timeout']).toContain(reason.code)
      await bench.clock.advance(5_000)
      expect(watched.events.filter(event => event.kind === 'ended')).toHaveLength(1)
      expect(watched.events.at(-1)?.kind).toBe('ended')
    })

    it('opens again after the line came back', async () => {
      const watched = await bench.open()
      await bench.peer.cut()
      await watched.next('ended', () => true, noticesWithinMs)
      await bench.peer.restore()
      const again = await bench.open()
      await again.next('machine')
    })

    it('rejects when nobody answers, and leaves nothing behind', async () => {
      await bench.peer.cut()
      const thrown = await settled(bench.clock, driver.open(bench.peer.config, bench.context())).catch(
        (error: unknown) => error,
      )
      expect(['printer.offline', 'wire.closed', 'wire.timeout']).toContain(code(thrown))
      expect(bench.clock.waiting().filter(name => name.startsWith('printers.'))).toEqual([])
    })

    it('rejects rubbish at opening instead of believing it', async () => {
      bench.peer.rubbish()
      const thrown = await settled(
        bench.clock,
        driver.open(bench.peer.config, bench.context()),
        300_000,
      ).catch((error: unknown) => error)
      expect(['wire.malformed', 'wire.timeout', 'wire.closed', 'printer.offline']).toContain(code(thrown))
    })

    it('survives rubbish while open: no throw, no invented state', async () => {
      const watched = await bench.open()
      await watched.next('machine')
      const before = watched.events.length
      bench.peer.rubbish()
      for (let step = 0; step < 40; step++)
        await until(bench.clock, 'a little time passes', passes(bench.clock, 500))
      const states = watched.events
        .slice(before)
        .flatMap(event => (event.kind === 'machine' ? [event.state] : []))
      for (const state of states) expect(['idle', 'busy', 'unknown', 'error']).toContain(state)
      for (const event of watched.events) {
        if (event.kind !== 'heaters') continue
        for (const { actualC } of event.heaters) if (actualC !== undefined) expect(actualC).toBeLessThan(1000)
      }
    })

    it('waits for a late answer, within its limits', async () => {
      bench.peer.late(3_000)
      const watched = await bench.open()
      await watched.next('machine', () => true, 60_000)
    })

    it('gives up at once when told to stop while opening', async () => {
      bench.peer.late(600_000)
      const opening = driver.open(bench.peer.config, bench.context())
      opening.catch(() => {})
      await bench.clock.advance(100)
      bench.shutdown.abort()
      const thrown = await settled(bench.clock, opening, 1_000).catch((error: unknown) => error)
      expect(code(thrown)).toBe('cancelled')
      expect(bench.clock.waiting().filter(name => name.startsWith('printers.'))).toEqual([])
    })

    it('says nothing after it was closed', async () => {
      const watched = await bench.open()
      await watched.next('machine')
      await settled(bench.clock, watched.session.close())
      const heard = watched.events.length
      for (let step = 0; step < 10; step++)
        await until(bench.clock, 'a little time passes', passes(bench.clock, 1_000))
      expect(watched.events).toHaveLength(heard)
      const thrown = await settled(bench.clock, watched.session.perform({ kind: 'pause' })).catch(
        (error: unknown) => error,
      )
      expect(['wire.closed', 'printer.unsupported']).toContain(code(thrown))
    })

    it('names the field when its config is not right', () => {
      expect(() => driver.parseConfig({ [driver.form[0]?.key ?? '']: 7_000_000 })).toThrowError()
      try {
        driver.parseConfig({})
      } catch (thrown) {
        expect(code(thrown)).toBe('request.invalid')
      }
    })

    it('says printer.credentials when the key is wrong', async () => {
      const { wrongConfig } = bench.peer
      if (wrongConfig === undefined) return
      const thrown = await settled(bench.clock, driver.open(wrongConfig, bench.context())).catch(
        (error: unknown) => error,
      )
      expect(code(thrown)).toBe('printer.credentials')
    })

    it('never logs its secret', async () => {
      const watched = await bench.open()
      await watched.next('machine')
      await bench.peer.cut()
      await watched.next('ended', () => true, noticesWithinMs)
      const { secret } = bench.peer
      if (secret !== undefined) expect(JSON.stringify([bench.lines, watched.events])).not.toContain(secret)
    })
  })
}

function passes(clock: FakeClock, ms: number): () => boolean {
  const startedAt = clock.elapsed()
  return () => clock.elapsed() - startedAt >= ms
}
