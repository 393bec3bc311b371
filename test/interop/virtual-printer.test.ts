import { type ChildProcess, spawn } from 'node:child_process'
import { createReadStream, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterEach, describe, expect, it } from 'vitest'
import { marlin } from '../../src/main/printers/drivers/marlin/index.ts'
import { createSerialPorts } from '../../src/main/printers/serial/node-serial-ports.ts'
import { createDriverBench } from './driver-bench.ts'
import { type WatchedSession, watch } from './watched-session.ts'

const moves = (count: number) =>
  Array.from({ length: count }, (_value, at) => `G1 X${at % 200} Y${at % 180} E${(at + 1) / 100} F1800`)

describe('the virtual printer of OctoPrint', () => {
  const bench = createDriverBench(marlin)
  let made: string[] = []
  let child: ChildProcess | undefined
  let watched: WatchedSession | undefined
  let dir = ''

  const plugIn = async (settings: Record<string, unknown>): Promise<WatchedSession> => {
    const python = process.env.GANTRY_OCTOPRINT_PYTHON
    if (python === undefined) throw new Error('Run it by `npm run test:interop`, which brings OctoPrint.')
    const program = join(import.meta.dirname, 'virtual-printer.py')
    const bridge = spawn(python, [program, JSON.stringify(settings)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    child = bridge
    const moved: string[] = []
    made = moved
    dir = mkdtempSync(join(tmpdir(), 'gantry-virtual-printer-'))
    const port = await new Promise<string>(resolve => {
      createInterface(bridge.stdout).on('line', line => {
        if (/^\d+$/.test(line)) resolve(line)
        else moved.push(line)
      })
    })
    const context = { ...bench.context(), serial: createSerialPorts() }
    watched = watch(await marlin.open({ port: `tcp://127.0.0.1:${port}`, baudRate: 115200 }, context))
    return watched
  }
  const print = async ({ session }: WatchedSession, lines: readonly string[]) => {
    const path = join(dir, 'cube.gcode')
    const text = lines.map(line => `${line}\n`).join('')
    writeFileSync(path, text)
    const file = { name: 'cube.gcode', path, sizeBytes: text.length, open: () => createReadStream(path) }
    await session.begin({ from: 'here', file })
  }
  const ended = (printer: WatchedSession) =>
    printer.next('job', ({ job }) => ['done', 'failed', 'cancelled'].includes(job.state))

  afterEach(async () => {
    await watched?.session.close()
    watched = undefined
    await bench.tidy()
    child?.kill('SIGKILL')
    rmSync(dir, { recursive: true, force: true })
  })

  it('is greeted and says what it is and how warm', async () => {
    const printer = await plugIn({})
    expect((await printer.next('device')).device.firmwareRevision).toMatch(/Virtual Marlin/)
    const { heaters } = await printer.next('heaters')
    expect(heaters.find(({ id }) => id === 'nozzle0')?.actualC).toBeCloseTo(21.3, 0)
    await printer.session.perform({ kind: 'set-temperature', heater: 'nozzle0', targetC: 60 })
    await printer.next('heaters', event => event.heaters.some(({ targetC }) => targetC === 60))
  })

  it('makes every move of a print once and in order, whatever it asks for again', async () => {
    const printer = await plugIn({
      simulated_errors: ['40:resend', '100:resend', '110:missing_lineno', '115:checksum_mismatch'],
    })
    const lines = moves(400)
    await print(printer, lines)
    expect((await ended(printer)).job).toMatchObject({ state: 'done', progress: 1 })
    // It tells of its moves over a line of its own.
    await expect.poll(() => made).toEqual(lines)
    const { feed } = await printer.next('feed', event => !event.feed.live)
    expect(feed).toMatchObject({ acknowledgedLines: 400, fileLine: 400 })
    expect(feed.resends).toBeGreaterThanOrEqual(4)
  })

  it('is fed to the end when it falls silent after a resend', async () => {
    const printer = await plugIn({ simulated_errors: ['105:resend_with_timeout'] })
    const lines = moves(200)
    await print(printer, lines)
    expect((await ended(printer)).job.state).toBe('done')
    await expect.poll(() => made.at(-1)).toBe(lines.at(-1))
    // What it swallowed itself, saying that it had it, nobody can bring back.
    expect(lines.filter(line => !made.includes(line)).length).toBeLessThanOrEqual(1)
    expect(made).toEqual(lines.filter(line => made.includes(line)))
  })

  it('is fed by what it has room for when it says so', async () => {
    const printer = await plugIn({
      okFormatString: 'ok N{lastN} P{buffer} B3',
      simulated_errors: ['50:resend'],
    })
    const lines = moves(300)
    await print(printer, lines)
    expect((await ended(printer)).job.state).toBe('done')
    await expect.poll(() => made).toEqual(lines)
  })

  it('pauses, goes on where it was, and is cancelled cold', async () => {
    const printer = await plugIn({ moveS: 0.02, simulated_errors: [] })
    await print(printer, ['G28', 'M104 S50', ...moves(2_000)])
    await printer.next('machine', ({ state }) => state === 'printing')
    await printer.session.perform({ kind: 'pause' })
    await printer.next('machine', ({ state }) => state === 'paused')
    // It does not tell its reach: it is lifted, and not sent to a corner that may not be there.
    expect(made.at(-1)).toMatch(/^G1 Z10 /)
    printer.mark()
    await printer.session.perform({ kind: 'resume' })
    await printer.next('machine', ({ state }) => state === 'printing')
    await printer.session.perform({ kind: 'cancel' })
    expect((await ended(printer)).job.state).toBe('cancelled')
    await printer.next('heaters', ({ heaters }) =>
      heaters.some(({ id, targetC }) => id === 'nozzle0' && targetC === 0),
    )
  })
})
