import { createServer, type Server, type Socket } from 'node:net'
import { GantryError } from '../../../contract/error.ts'
import { createClosing } from '../../serial/closing.ts'
import type { SerialLine, SerialPortInfo, SerialPorts } from '../../serial/serial-ports.ts'
import type { SimPrinter } from '../sim-printer.ts'
import { createSimMarlin, type SimMarlin } from './firmware.ts'
import { defaultTraits, type MarlinTraits } from './traits.ts'

/** A simulated printer on a cable, with the ways a cable can fail. */
export interface SimBoard {
  readonly marlin: SimMarlin
  readonly sim: SimPrinter
  /** The board as a port of this very process. */
  readonly port: SerialPortInfo
  /** `baudRate`: what the other end was set to, where it has a speed. */
  open(baudRate?: number): SerialLine
  /** Pulls the cable: the line breaks, and none opens until `restore`. */
  cut(): void
  restore(): void
  /** What is heard of it becomes noise. */
  rubbish(on?: boolean): void
  late(delayMs: number): void
  stop(): void
}

const noise = '\u00fe\u00e0\u0080\u00f8x\u00c0\u0000\u00fc\n'

export function createSimBoard(
  sim: SimPrinter,
  options: Partial<MarlinTraits> = {},
  port: SerialPortInfo = { path: '/dev/ttyUSB0', vendorId: '1a86', productId: '7523', locationId: '1-1' },
): SimBoard {
  const marlin = createSimMarlin(sim, { ...defaultTraits, ...options })
  let held: { readonly closing: ReturnType<typeof createClosing> } | undefined
  let pulled = false
  let rubbish = false
  let lateMs = 0

  const deliver = (text: string, hand: (bytes: Uint8Array) => void) => {
    const bytes = Buffer.from(rubbish ? noise : text, 'latin1')
    if (lateMs > 0) sim.clock.after(lateMs, 'sim late answer', () => hand(bytes))
    else queueMicrotask(() => hand(bytes))
  }
  const letGo = (reason: GantryError | undefined) => {
    marlin.disconnect()
    const before = held
    held = undefined
    before?.closing.end(reason)
  }
  const open = (baudRate?: number): SerialLine => {
    if (pulled) throw new GantryError('printer.offline', `${port.path} is not there.`, { path: port.path })
    if (held) throw new GantryError('printer.busy', `Another program uses ${port.path}.`, { path: port.path })
    const closing = createClosing()
    const own = { closing }
    const { baudRate: right = baudRate } = marlin.traits
    const garbled = right !== baudRate
    held = own
    const listeners = new Set<(bytes: Uint8Array) => void>()
    // What a board says before anybody listens waits in the system's buffer.
    let early: Uint8Array[] = []
    const hand = (bytes: Uint8Array) => {
      if (held !== own) return
      if (listeners.size === 0) early.push(bytes)
      for (const listener of [...listeners]) listener(bytes)
    }
    marlin.connect(text => deliver(garbled ? noise : text, hand))
    return {
      write(bytes) {
        if (held === own && !garbled) marlin.receive(Buffer.from(bytes).toString('utf8'))
      },
      onData(listener) {
        listeners.add(listener)
        const waiting = early
        early = []
        for (const bytes of waiting) queueMicrotask(() => hand(bytes))
        return () => listeners.delete(listener)
      },
      onClose: closing.onClose,
      async setSignals({ dtr }) {
        if (dtr === false && held === own && marlin.traits.resetsOnOpen) marlin.reset()
      },
      async close() {
        if (held === own) letGo(undefined)
      },
    }
  }

  return {
    marlin,
    sim,
    port,
    open,
    cut() {
      pulled = true
      letGo(
        new GantryError('wire.closed', `${port.path} went away: the cable was pulled.`, { path: port.path }),
      )
    },
    restore() {
      pulled = false
    },
    rubbish(on = true) {
      rubbish = on
    },
    late(delayMs) {
      lateMs = delayMs
    },
    stop() {
      letGo(undefined)
      marlin.stop()
    },
  }
}

/** Simulated boards as the ports of a machine. */
export function createSimPorts(boards: readonly SimBoard[]): SerialPorts {
  return {
    list: async () => boards.map(board => board.port),
    async open({ path, baudRate }) {
      const board = boards.find(each => each.port.path === path)
      if (!board) throw new GantryError('printer.offline', `${path} is not there.`, { path })
      return board.open(baudRate)
    },
  }
}

/** The same board behind a serial bridge in the network: what `tcp://127.0.0.1:port` leads to. */
export interface SimBridge {
  readonly url: string
  cut(): Promise<void>
  restore(): Promise<void>
  /** Somebody presses the board's button. */
  reset(): void
  /** As when the router hands out another address. */
  move(): Promise<void>
  rubbish(on?: boolean): void
  late(delayMs: number): void
  stop(): Promise<void>
}

export async function serveSimBoard(board: SimBoard): Promise<SimBridge> {
  let server = await listen(board)
  return {
    get url() {
      return `tcp://127.0.0.1:${server.port}`
    },
    cut: async () => board.cut(),
    restore: async () => board.restore(),
    reset: () => board.marlin.reset(),
    async move() {
      await server.stop()
      server = await listen(board)
    },
    rubbish: on => board.rubbish(on),
    late: delayMs => board.late(delayMs),
    async stop() {
      await server.stop()
      board.stop()
    },
  }
}

async function listen(board: SimBoard): Promise<{ readonly port: number; stop(): Promise<void> }> {
  const sockets = new Set<Socket>()
  const server = createServer({ noDelay: true }, socket => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    // A peer that vanishes is what a cable does: nothing to report.
    socket.on('error', () => undefined)
    bridge(board, socket)
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  return {
    port: portOf(server),
    stop: () =>
      new Promise(resolve => {
        for (const socket of sockets) socket.destroy()
        server.close(() => resolve())
      }),
  }
}

function bridge(board: SimBoard, socket: Socket): void {
  let line: SerialLine
  try {
    line = board.open()
  } catch {
    // Busy or unplugged: a bridge closes on the caller.
    socket.destroy()
    return
  }
  line.onData(bytes => socket.write(bytes))
  line.onClose(() => socket.destroy())
  socket.on('data', bytes => line.write(bytes))
  socket.on('close', () => void line.close())
}

function portOf(server: Server): number {
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}
