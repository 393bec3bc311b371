import { afterEach, describe, expect, it } from 'vitest'
import { marlin } from '../../../../../src/main/printers/drivers/marlin/index.ts'
import type { SerialPorts } from '../../../../../src/main/printers/serial/serial-ports.ts'
import { createSimBoard, createSimPorts } from '../../../../../src/main/printers/sim/marlin/board.ts'
import { createSimPrinter } from '../../../../../src/main/printers/sim/sim-printer.ts'
import { type Bench, createBench, settled, type Watched } from '../../driver-kit.ts'
import { createRoomBench, type RoomBench } from '../../room-bench.ts'

describe('a board that starts anew when its port is opened', () => {
  let bench: RoomBench
  afterEach(async () => bench.end())
  const board = () => bench.board ?? raise()
  const pullAndPlug = async () => {
    board().cut()
    await bench.becomes('gone', ({ link }) => link.state === 'offline')
    board().restore()
    await bench.passes(60_000)
  }
  const printFromCard = async () => {
    bench.sim.act({ kind: 'start', path: 'cube.gcode' })
    await bench.becomes('printing', () => bench.sim.state().machine === 'printing', 400_000)
    await bench.passes(10_000)
  }

  it('is left alone while it prints from its card, until a person connects it', async () => {
    bench = await createRoomBench('marlin')
    await printFromCard()
    await pullAndPlug()
    expect(bench.snapshot().link).toMatchObject({ state: 'offline', cause: 'left-printing' })
    expect(bench.snapshot().link).not.toHaveProperty('retryAt')
    expect(bench.sim.state().machine).toBe('printing')
    // Something is plugged in somewhere: that is nobody's yes.
    bench.printers.tryNow(bench.id)
    await bench.passes(5_000)
    expect(bench.sim.state().machine).toBe('printing')
    bench.printers.reconnect(bench.id)
    await bench.becomes('online', ({ link }) => link.state === 'online')
    expect(bench.sim.state().machine).toBe('idle')
    // And is no more left alone: what made it so is gone.
    await bench.passes(10_000)
    await pullAndPlug()
    expect(bench.snapshot().link.state).toBe('online')
  })

  it('is opened again by itself once its print from card is over', async () => {
    bench = await createRoomBench('marlin')
    await printFromCard()
    bench.sim.act({ kind: 'cancel' })
    await bench.becomes('over', ({ machine }) => machine.state === 'idle', 60_000)
    await pullAndPlug()
    expect(bench.snapshot().link.state).toBe('online')
  })

  it('is left alone when it has shut itself down and then falls silent', async () => {
    bench = await createRoomBench('marlin')
    bench.sim.act({ kind: 'break', fault: 'thermal-runaway' })
    await bench.becomes('halted', ({ machine }) => machine.state === 'error')
    await bench.becomes('silent', ({ link }) => link.state === 'offline', 700_000)
    await bench.passes(60_000)
    expect(bench.snapshot().link).toMatchObject({ cause: 'left-halted' })
    expect(bench.sim.state().machine).toBe('error')
  })

  it('is opened again by itself when somebody pressed its reset button after that', async () => {
    bench = await createRoomBench('marlin')
    bench.sim.act({ kind: 'break', fault: 'thermal-runaway' })
    await bench.becomes('halted', ({ machine }) => machine.state === 'error')
    board().marlin.reset()
    await bench.becomes('gone', ({ link }) => link.state !== 'online')
    await bench.becomes('back', ({ link }) => link.state === 'online')
    expect(bench.snapshot().machine.state).toBe('idle')
  })

  it('that does not, is opened again in the middle of its print, which goes on', async () => {
    bench = await createRoomBench('marlin', { resetsOnOpen: false })
    await printFromCard()
    await pullAndPlug()
    expect(bench.snapshot().link.state).toBe('online')
    expect(bench.sim.state().machine).toBe('printing')
  })
})

describe('what was learnt at an opening', () => {
  let bench: Bench
  let speeds: number[] = []
  afterEach(async () => bench.end())

  const openAt = async (
    baudRate: number | undefined,
    resetsOnOpen: boolean,
    config = {},
  ): Promise<Watched> => {
    speeds = []
    bench = await createBench({
      driver: marlin,
      createPeer: async clock => {
        const board = createSimBoard(createSimPrinter({ clock }), {
          resetsOnOpen,
          ...(baudRate && { baudRate }),
        })
        const ports = createSimPorts([board])
        const serial: SerialPorts = {
          ...ports,
          open: (options, signal) => {
            speeds.push(options.baudRate)
            return ports.open(options, signal)
          },
        }
        return {
          config: { port: board.port.path, ...config },
          serial,
          cut: () => board.cut(),
          restore: () => board.restore(),
          rubbish: () => board.rubbish(),
          late: delayMs => board.late(delayMs),
          stop: async () => board.stop(),
        }
      },
    })
    const session = await settled(bench.clock, marlin.open(bench.peer.config, bench.context()), 200_000)
    const events: Watched['events'] = []
    session.on(event => {
      events.push(event)
    })
    return { session, events, mark: () => {}, next: () => Promise.reject(new Error('unused')) }
  }
  const learnt = ({ events }: Watched) => events.findLast(event => event.kind === 'learnt')?.config

  it.each([
    [true, 'resets'],
    [false, 'harmless'],
  ])('is whether the board starts anew: %s', async (resetsOnOpen, opening) => {
    expect(learnt(await openAt(undefined, resetsOnOpen))).toMatchObject({ opening, leave: '' })
  })

  it('is not forgotten when it once does not: after it was unplugged it will again', async () => {
    expect(learnt(await openAt(undefined, false, { opening: 'resets' }))).toMatchObject({ opening: 'resets' })
  })

  it('is the speed, which is tried first the next time', async () => {
    const watched = await openAt(57_600, true)
    expect(speeds).toEqual([115_200, 250_000, 230_400, 57_600])
    expect(learnt(watched)).toMatchObject({ foundBaudRate: 57_600 })
    await settled(bench.clock, watched.session.close())
    await bench.end()
    await openAt(57_600, true, { foundBaudRate: 57_600 })
    expect(speeds).toEqual([57_600])
  })

  it('is found at the last of nine speeds within the limit of the opening', async () => {
    await openAt(1_000_000, true)
    expect(speeds).toHaveLength(9)
    expect(bench.clock.elapsed()).toBeLessThan(150_000)
    expect(marlin.openLimitMs).toBeGreaterThan(150_000)
  })

  it('keeps a board alone that it would reset, unless a person asks', async () => {
    const config = { opening: 'resets', leave: 'printing' }
    await expect(openAt(undefined, true, config)).rejects.toMatchObject({
      code: 'printer.left-alone',
      details: { reason: 'printing' },
    })
    expect(speeds).toEqual([])
    const session = await settled(
      bench.clock,
      marlin.open(bench.peer.config, { ...bench.context(), byHand: true }),
    )
    await settled(bench.clock, session.close())
  })
})

function raise(): never {
  throw new Error('this make has no board')
}
