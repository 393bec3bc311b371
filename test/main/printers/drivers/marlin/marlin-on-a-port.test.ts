import { createReadStream, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { isGantryError } from '../../../../../src/main/contract/error.ts'
import { systemClock } from '../../../../../src/main/lib/clock.ts'
import type { PrinterSession, SessionEvent } from '../../../../../src/main/printers/driver/driver.ts'
import { marlin } from '../../../../../src/main/printers/drivers/marlin/index.ts'
import { createSerialPorts } from '../../../../../src/main/printers/serial/node-serial-ports.ts'
import { createSimBoard, type SimBoard } from '../../../../../src/main/printers/sim/marlin/board.ts'
import type { MarlinTraits } from '../../../../../src/main/printers/sim/marlin/traits.ts'
import { createSimPrinter } from '../../../../../src/main/printers/sim/sim-printer.ts'
import { createHttpClient } from '../../../../../src/main/printers/wire/http-client.ts'
import type { PrintFile } from '../../../../../src/main/printers/wire/print-file.ts'
import { createLogRecorder } from '../../../../fakes/log.ts'
import { hasPty, openPty, type Pty, plugIn } from '../../../../fakes/pty.ts'
import { makeTempDir } from '../../../../fakes/temp-dir.ts'
import { cube } from './host/host-bench.ts'

vi.setConfig({ testTimeout: 30_000 })

interface Watched {
  readonly session: PrinterSession
  readonly events: SessionEvent[]
  next<Kind extends SessionEvent['kind']>(
    kind: Kind,
    fits?: (event: Extract<SessionEvent, { kind: Kind }>) => boolean,
  ): Promise<Extract<SessionEvent, { kind: Kind }>>
}

async function openAt(path: string): Promise<Watched> {
  const end = new AbortController()
  const { log } = createLogRecorder()
  const session = await marlin.open(
    { port: path, baudRate: 115200 },
    {
      clock: systemClock,
      log,
      signal: end.signal,
      random: () => 0.5,
      http: createHttpClient(systemClock),
      serial: { ...createSerialPorts(), list: async () => [{ path, vendorId: '0483', productId: '5740' }] },
    },
  )
  onTestFinished(() => session.close())
  const events: SessionEvent[] = []
  const waiting = new Set<() => void>()
  session.on(event => {
    events.push(event)
    for (const look of [...waiting]) look()
  })
  return {
    session,
    events,
    next: (kind, fits = () => true) =>
      new Promise(resolve => {
        type Wanted = Extract<SessionEvent, { kind: typeof kind }>
        const look = () => {
          const found = events.find((event): event is Wanted => event.kind === kind && fits(event as Wanted))
          if (!found) return
          waiting.delete(look)
          resolve(found)
        }
        waiting.add(look)
        look()
      }),
  }
}

async function plugInBoard(traits: Partial<MarlinTraits> = {}): Promise<{ board: SimBoard; pty: Pty }> {
  const board = createSimBoard(createSimPrinter({ clock: systemClock }), traits)
  onTestFinished(() => board.stop())
  return { board, pty: await plugIn(board) }
}

function fileOf(lines: readonly string[]): PrintFile {
  const path = join(makeTempDir(), 'cube.gcode')
  const text = lines.map(line => `${line}\n`).join('')
  writeFileSync(path, text)
  return { name: 'cube.gcode', path, sizeBytes: text.length, open: () => createReadStream(path) }
}

const isJob = (state: string) => (event: Extract<SessionEvent, { kind: 'job' }>) => event.job.state === state

describe.skipIf(!hasPty)('a printer on a real serial port', () => {
  it('is greeted, heated and printed on, line for line', async () => {
    const { board, pty } = await plugInBoard()
    const { session, next } = await openAt(pty.path)
    const lines = cube(500)
    await session.begin({ from: 'here', file: fileOf(lines) })
    expect((await next('job', isJob('done'))).job).toMatchObject({ progress: 1 })
    expect(board.marlin.executed.filter(line => line.startsWith('G1'))).toEqual(
      lines.filter(line => line.startsWith('G1')),
    )
  })

  it('gets every line of a print once over a cable that damages, loses and swallows', async () => {
    const { board, pty } = await plugInBoard({ advancedOk: true, wantsNumbers: true })
    const { session, next } = await openAt(pty.path)
    const lines = cube(300)
    board.marlin.harm('damage', 2)
    await session.begin({ from: 'here', file: fileOf(lines) })
    board.marlin.harm('damage', 3)
    board.marlin.harm('lose-number')
    await next('job', isJob('done'))
    expect(board.marlin.executed.filter(line => line.startsWith('G1'))).toEqual(
      lines.filter(line => line.startsWith('G1')),
    )
  })

  it('has failed its print, and says that heaters may be on, when the cable is pulled in the middle of a line', async () => {
    const { board, pty } = await plugInBoard({ moveMs: 20 })
    const { session, events, next } = await openAt(pty.path)
    await session.begin({ from: 'here', file: fileOf(['M104 S200', ...cube(3_000)]) })
    await next('machine', ({ state }) => state === 'printing')
    pty.write('ok\nT:20')
    pty.hangUp()
    expect((await next('job', isJob('failed'))).job.progress).toBeLessThan(1)
    expect((await next('fault')).fault).toMatchObject({ class: 'link-lost' })
    expect((await next('ended')).reason.code).toBe('wire.closed')
    expect(events.filter(event => event.kind === 'heaters').length).toBeGreaterThan(0)
    expect(board.sim.state().nozzle.targetC).toBe(200)
  })
})

describe.skipIf(!hasPty)('what is no printer at a real serial port', () => {
  const codeAt = (path: string) =>
    openAt(path).then(
      () => 'a printer',
      (thrown: unknown) => (isGantryError(thrown) ? thrown.code : thrown),
    )

  it('such as a modem that says OK to everything', async () => {
    const pty = await openPty()
    pty.onData(() => pty.write('\r\nOK\r\n'))
    expect(await codeAt(pty.path)).toBe('wire.timeout')
  })

  it('such as a modem that answers ok to everything in small letters', async () => {
    const pty = await openPty()
    pty.onData(() => pty.write('\r\nok\r\n'))
    expect(await codeAt(pty.path)).toBe('wire.malformed')
  })

  it('such as one that vanishes while it is being greeted', async () => {
    const pty = await openPty()
    pty.onData(() => pty.hangUp())
    expect(await codeAt(pty.path)).toBe('wire.closed')
  })
})
