import type { Snapshot } from '../../../src/main/contract/printer.ts'
import { nothing } from '../../../src/main/printers/driver/capabilities.ts'
import type { PrinterDriver, PrinterSession, SessionEvent } from '../../../src/main/printers/driver/driver.ts'
import { moonraker } from '../../../src/main/printers/drivers/moonraker/index.ts'
import { octoprint } from '../../../src/main/printers/drivers/octoprint/index.ts'
import { prusalink } from '../../../src/main/printers/drivers/prusalink/index.ts'
import { createMoonrakerSim } from '../../../src/main/printers/sim/moonraker.ts'
import { createOctoPrintSim } from '../../../src/main/printers/sim/octoprint.ts'
import { createPrusaLinkSim } from '../../../src/main/printers/sim/prusalink.ts'
import { createSimPrinter, type SimPrinter } from '../../../src/main/printers/sim/sim-printer.ts'
import type { SimServer } from '../../../src/main/printers/sim/sim-server.ts'
import { blankSnapshot, nextSnapshot, type StateInput } from '../../../src/main/printers/state.ts'
import type { FakeClock } from '../../fakes/clock.ts'
import { type Bench, createBench, until } from './driver-kit.ts'
import { createMeddler, type Meddler } from './meddler.ts'

export const secret = 'SECRET-4e1b'

/** What of a make's own wire a fault needs to know. */
export interface Make {
  readonly name: string
  readonly driver: PrinterDriver
  readonly key: Readonly<Record<string, string>>
  readonly wrongKey: Readonly<Record<string, string>>
  start(sim: SimPrinter): Promise<SimServer & { reboot?(): void }>
  /** Turns what it says of its machine's state into a word nobody knows. */
  unknownState(meddler: Meddler): void
  /** Turns the nozzle's temperature into this, as the JSON it stands in would have it. */
  nozzleIs(meddler: Meddler, json: string): void
}

const octoprintState = /"state":\{"text":"[^"]*","flags":\{[^}]*\}/
const rewriteAll = (meddler: Meddler, change: (text: string) => string) => {
  meddler.replies((_path, body) => change(body))
  // As text: what no JSON can say must arrive as it was sent.
  meddler.frames(message => change(JSON.stringify(message)))
}

export const makes: readonly Make[] = [
  {
    name: 'OctoPrint',
    driver: octoprint,
    key: { apiKey: secret },
    wrongKey: { apiKey: 'wrong' },
    start: sim => createOctoPrintSim(sim, { apiKey: secret }),
    unknownState: meddler =>
      rewriteAll(meddler, text => text.replace(octoprintState, '"state":{"text":"Levitating","flags":{}')),
    nozzleIs: (meddler, json) =>
      rewriteAll(meddler, text => text.replace(/("tool0":\{"actual":)[^,]+/g, `$1${json}`)),
  },
  {
    name: 'Moonraker',
    driver: moonraker,
    key: { apiKey: secret },
    wrongKey: { apiKey: 'wrong' },
    async start(sim) {
      const host = await createMoonrakerSim(sim, { apiKey: secret })
      return Object.assign(host, {
        reboot() {
          host.klippy('disconnected')
          sim.clock.after(1_000, 'test klippy', () => host.klippy('ready', 'Printer is ready'))
        },
      })
    },
    unknownState: meddler =>
      rewriteAll(meddler, text => text.replace(/("print_stats":\{[^}]*"state":)"[^"]*"/g, '$1"levitating"')),
    nozzleIs: (meddler, json) =>
      rewriteAll(meddler, text => text.replace(/("extruder":\{"temperature":)[^,}]+/g, `$1${json}`)),
  },
  {
    name: 'PrusaLink',
    driver: prusalink,
    key: { password: secret },
    wrongKey: { password: 'wrong' },
    start: sim => createPrusaLinkSim(sim, { password: secret }),
    unknownState: meddler =>
      rewriteAll(meddler, text => text.replace(/("printer":\{"state":)"[^"]*"/, '$1"LEVITATING"')),
    nozzleIs: (meddler, json) =>
      rewriteAll(meddler, text => text.replace(/("temp_nozzle":)[^,]+/, `$1${json}`)),
  },
]

export interface FaultBench extends Bench {
  readonly make: Make
  readonly sim: SimPrinter
  readonly host: SimServer & { reboot?(): void }
  readonly meddler: Meddler
  readonly config: Readonly<Record<string, unknown>>
  /** Lets injected time pass, with everything that is on its way served. */
  passes(ms: number): Promise<void>
}

export async function createFaultBench(make: Make): Promise<FaultBench> {
  const parts: { sim?: SimPrinter; host?: FaultBench['host']; meddler?: Meddler } = {}
  const bench = await createBench({
    driver: make.driver,
    async createPeer(clock: FakeClock) {
      const sim = createSimPrinter({ clock })
      sim.addFile('cube.gcode', ';TIME:300\nM104 S50\nM140 S40\n')
      sim.addFile('vase.gcode', ';TIME:300\nM104 S50\nM140 S40\n')
      const host = await make.start(sim)
      const meddler = await createMeddler(() => host.url)
      Object.assign(parts, { sim, host, meddler })
      return {
        config: { url: meddler.url, ...make.key },
        cut: host.cut,
        restore: host.restore,
        rubbish: () => host.rubbish(),
        late: host.late,
        async stop() {
          await meddler.stop()
          await host.stop()
        },
      }
    },
  })
  const { sim, host, meddler } = parts
  if (sim === undefined || host === undefined || meddler === undefined) throw new Error('no peer')
  return Object.assign(bench, {
    make,
    sim,
    host,
    meddler,
    config: { url: meddler.url, ...make.key },
    passes(ms: number) {
      const startedAt = bench.clock.elapsed()
      return until(bench.clock, 'time passes', () => bench.clock.elapsed() - startedAt >= ms, ms + 1)
    },
  })
}

/** What a person sees of a printer while it talks, over as many sessions as there are. */
export function createOnlooker(bench: Bench): { follow(session: PrinterSession): void; sees(): Snapshot } {
  let state = blankSnapshot(nothing, bench.clock.now())
  const put = (input: StateInput) => {
    state = nextSnapshot(state, input, bench.clock.now())
  }
  return {
    sees: () => state,
    follow(session) {
      put({ kind: 'link', link: { state: 'online', since: bench.clock.now() } })
      session.on(event => {
        if (unseen(event)) return
        put(event)
      })
    },
  }
}

const unseen = (
  event: SessionEvent,
): event is Extract<SessionEvent, { kind: 'ended' | 'line' | 'files-changed' | 'learnt' }> =>
  ['ended', 'line', 'files-changed', 'learnt'].includes(event.kind)
