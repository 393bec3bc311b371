import { GantryError } from '../../../src/main/contract/error.ts'
import type { Capabilities } from '../../../src/main/contract/printer.ts'
import { nothing } from '../../../src/main/printers/driver/capabilities.ts'
import type {
  DriverContext,
  Printable,
  PrinterCommand,
  PrinterDriver,
  PrinterSession,
} from '../../../src/main/printers/driver/driver.ts'
import { createSessionVoice, type SessionVoice } from '../../../src/main/printers/driver/session-voice.ts'
import type { KeptFacts } from '../../../src/main/printers/facts-store.ts'
import { createLivePrinter, type LivePrinter, type TerminalLine } from '../../../src/main/printers/printer.ts'
import type { StoredPrinter } from '../../../src/main/printers/printer-store.ts'
import { createHttpClient } from '../../../src/main/printers/wire/http-client.ts'
import { copied } from '../../../src/main/printers/wire/print-file.ts'
import { createFakeClock, type FakeClock } from '../../fakes/clock.ts'
import { createLogRecorder, type LogLine } from '../../fakes/log.ts'

export interface LiveBench {
  readonly clock: FakeClock
  readonly live: LivePrinter
  readonly lines: LogLine[]
  /** What sessions were told to do. */
  readonly performed: PrinterCommand[]
  /** What they were told to print. */
  readonly begun: Printable[]
  /** One for each line that was opened. */
  readonly voices: SessionVoice[]
  readonly heard: TerminalLine[]
  /** What was written down, one after the other. */
  readonly kept: KeptFacts[]
  changes(): number
  /** The line is up. */
  online(): Promise<void>
}

export interface LiveWorld {
  readonly can?: Partial<Capabilities>
  /** What its sessions have beside the verbs that each has. */
  readonly session?: Partial<PrinterSession>
  /** What an earlier life kept. */
  readonly facts?: KeptFacts
  /** The disk refuses. */
  readonly unwritable?: { is: boolean }
  /** The line is refused with this. */
  readonly refuse?: Error
}

/** One printer without a wire: its session is as the test wants it. */
export function createLiveBench(world: LiveWorld = {}): LiveBench {
  const clock = createFakeClock()
  const { log, lines } = createLogRecorder()
  const can = { ...nothing, ...world.can }
  const performed: PrinterCommand[] = []
  const begun: Printable[] = []
  const voices: SessionVoice[] = []
  const heard: TerminalLine[] = []
  const kept: KeptFacts[] = []
  let changes = 0
  const driver: PrinterDriver = {
    id: 'test',
    name: 'Test',
    form: [],
    fields: [],
    can,
    accepts: ['gcode'],
    recognise: () => undefined,
    parseConfig: () => ({}),
    async open(_config, { signal }) {
      signal.throwIfAborted()
      if (world.refuse) throw world.refuse
      const voice = createSessionVoice()
      voices.push(voice)
      return {
        can,
        on: voice.on,
        async perform(command) {
          performed.push(command)
        },
        async begin(what) {
          begun.push(what)
          return copied
        },
        close: async () => voice.silence(),
        ...world.session,
      }
    },
  }
  const context = (signal: AbortSignal): DriverContext => ({
    clock,
    log,
    signal,
    random: () => 0.5,
    http: createHttpClient(clock),
    serial: { list: async () => [], open: () => Promise.reject(new Error('none')) },
  })
  const stored: StoredPrinter = {
    id: 'p1',
    driver: 'test',
    name: 'Test',
    identity: undefined,
    config: {},
    simulated: false,
    addedAt: 0,
  }
  const live = createLivePrinter({
    stored,
    driver,
    facts: world.facts,
    keepFacts(facts) {
      if (world.unwritable?.is) throw new GantryError('data.full', 'The disk is full.')
      kept.push(facts)
    },
    config: () => ({}),
    context,
    clock,
    random: () => 0.5,
    log,
    onLearnt: () => {},
    onChange() {
      changes += 1
    },
    onLine: line => heard.push(line),
  })
  return {
    clock,
    live,
    lines,
    performed,
    begun,
    voices,
    heard,
    kept,
    changes: () => changes,
    async online() {
      live.connection.start()
      await clock.advance(0)
      voices.at(-1)?.say({ kind: 'machine', state: 'idle' })
    },
  }
}

/** The same with its line up. */
export async function online(world: LiveWorld = {}): Promise<LiveBench> {
  const bench = createLiveBench(world)
  await bench.online()
  return bench
}
