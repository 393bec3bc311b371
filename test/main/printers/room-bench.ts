import { isGantryError } from '../../../src/main/contract/error.ts'
import type { Snapshot } from '../../../src/main/contract/printer.ts'
import type { ChildProcess } from '../../../src/main/lib/child-process.ts'
import type { Printers } from '../../../src/main/printers/printers.ts'
import { drivers } from '../../../src/main/printers/registry.ts'
import type { SerialPorts } from '../../../src/main/printers/serial/serial-ports.ts'
import { createPrinters } from '../../../src/main/printers/service.ts'
import { createSimBoard, createSimPorts, type SimBoard } from '../../../src/main/printers/sim/marlin/board.ts'
import type { MarlinTraits } from '../../../src/main/printers/sim/marlin/traits.ts'
import { createMoonrakerSim, type MoonrakerSim } from '../../../src/main/printers/sim/moonraker.ts'
import { createOctoPrintSim } from '../../../src/main/printers/sim/octoprint.ts'
import { createPrusaLinkSim } from '../../../src/main/printers/sim/prusalink.ts'
import { shortPath } from '../../../src/main/printers/sim/prusalink-files.ts'
import { createSimPrinter, type SimPrinter } from '../../../src/main/printers/sim/sim-printer.ts'
import { createFakeClock, type FakeClock } from '../../fakes/clock.ts'
import { createLogRecorder } from '../../fakes/log.ts'
import { openTestStore } from '../../fakes/store.ts'
import { settled, until } from './driver-kit.ts'

export type RoomMake = 'octoprint' | 'moonraker' | 'prusalink' | 'marlin'
export const roomMakes: readonly RoomMake[] = ['octoprint', 'moonraker', 'prusalink', 'marlin']

/** One printer of a make in a whole room: what every caller goes through stands between it and the test. */
export interface RoomBench {
  readonly clock: FakeClock
  readonly sim: SimPrinter
  /** Of the present life of Gantry. */
  readonly printers: Printers
  readonly id: string
  /** Where the make is one. */
  readonly board: SimBoard | undefined
  readonly moonraker: MoonrakerSim | undefined
  snapshot(): Snapshot
  /** The path of the file that lies on it. */
  readonly path: string
  /** The line breaks, and nothing answers until `restore`. */
  cut(): Promise<void>
  restore(): Promise<void>
  /** Gantry ends and starts again on what it kept. */
  restart(): Promise<void>
  /** Another file on it, and its path there. */
  addFile(name: string, head: string): string
  becomes(what: string, holds: (snapshot: Snapshot) => boolean, withinMs?: number): Promise<void>
  passes(ms: number): Promise<void>
  settled<Value>(promise: Promise<Value>): Promise<Value>
  /** `fine`, or the code of the refusal. */
  codeOf(promise: Promise<unknown>): Promise<string>
  end(): Promise<void>
}

interface Peer {
  readonly config: Readonly<Record<string, string>>
  readonly serial?: SerialPorts
  readonly board?: SimBoard
  readonly moonraker?: MoonrakerSim
  /** Where a file of this name lies on it. */
  pathOf(name: string): string
  cut(): void | Promise<void>
  restore(): void | Promise<void>
  stop(): Promise<void> | void
}

const key = 'SECRET-room'

async function startPeer(make: RoomMake, sim: SimPrinter, traits: Partial<MarlinTraits>): Promise<Peer> {
  switch (make) {
    case 'octoprint': {
      const host = await createOctoPrintSim(sim, { apiKey: key })
      return { ...host, config: { url: host.url, apiKey: key }, pathOf: name => name }
    }
    case 'moonraker': {
      const host = await createMoonrakerSim(sim)
      return { ...host, config: { url: host.url }, moonraker: host, pathOf: name => name }
    }
    case 'prusalink': {
      const host = await createPrusaLinkSim(sim, { password: key })
      return { ...host, config: { url: host.url, password: key }, pathOf: name => `/usb/${shortPath(name)}` }
    }
    case 'marlin': {
      // USB in the processor: DTR resets nothing there.
      const port =
        traits.resetsOnOpen === false
          ? { path: '/dev/ttyACM0', vendorId: '1d50', productId: '6029', locationId: '1-1' }
          : undefined
      const board = createSimBoard(sim, traits, port)
      const serial = createSimPorts([board])
      return {
        config: { port: board.port.path },
        serial,
        board,
        // A card keeps eight letters and three.
        pathOf: name => name.replace('.gcode', '.gco').toUpperCase(),
        cut: () => board.cut(),
        restore: () => board.restore(),
        stop: () => board.stop(),
      }
    }
  }
}

const startHost =
  (hostOf: (ports: SerialPorts, clock: FakeClock) => ChildProcess, ports: SerialPorts, clock: FakeClock) =>
  () =>
    hostOf(ports, clock)

export async function createRoomBench(
  make: RoomMake,
  traits: Partial<MarlinTraits> = {},
  hostOf?: (ports: SerialPorts, clock: FakeClock) => ChildProcess,
): Promise<RoomBench> {
  const clock = createFakeClock()
  const sim = createSimPrinter({ clock })
  sim.addFile('cube.gcode', ';TIME:3000\nM104 S210\nM140 S60\n')
  const peer = await startPeer(make, sim, traits)
  const { log } = createLogRecorder()
  let count = 0
  const store = await openTestStore(clock)
  const open = () =>
    createPrinters({
      clock,
      logger: () => log,
      store,
      secrets: { protect: text => text, reveal: text => text },
      drivers,
      ...(hostOf && peer.serial && { startProgram: startHost(hostOf, peer.serial, clock) }),
      serial: peer.serial ?? { list: async () => [], open: () => Promise.reject(new Error('no ports')) },
      random: () => 0.5,
      uuid: () => `0000000${count++}-test`,
    })
  let printers = open()
  await printers.start()
  const id = await printers.add({ driver: make, name: 'Desk', config: peer.config })
  const snapshot = () => printers.get(id).snapshot
  const bench: RoomBench = {
    clock,
    sim,
    get printers() {
      return printers
    },
    id,
    board: peer.board,
    moonraker: peer.moonraker,
    path: peer.pathOf('cube.gcode'),
    snapshot,
    cut: async () => peer.cut(),
    restore: async () => peer.restore(),
    async restart() {
      await settled(clock, printers.stop())
      printers = open()
      await printers.start()
    },
    addFile(name, head) {
      sim.addFile(name, head)
      return peer.pathOf(name)
    },
    becomes: (what, holds, withinMs = 60_000) => until(clock, what, () => holds(snapshot()), withinMs),
    passes(ms) {
      const startedAt = clock.elapsed()
      return until(clock, 'time passes', () => clock.elapsed() - startedAt >= ms, ms + 1)
    },
    settled: promise => settled(clock, promise),
    async codeOf(promise) {
      try {
        await settled(clock, promise)
        return 'fine'
      } catch (thrown) {
        return isGantryError(thrown) ? thrown.code : String(thrown)
      }
    },
    async end() {
      await settled(clock, printers.stop())
      await peer.stop()
    },
  }
  await bench.becomes('idle', ({ label }) => label === 'idle')
  return bench
}
