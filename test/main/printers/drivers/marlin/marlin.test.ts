import { createReadStream, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { marlin } from '../../../../../src/main/printers/drivers/marlin/index.ts'
import type { SerialPortInfo } from '../../../../../src/main/printers/serial/serial-ports.ts'
import {
  createSimBoard,
  createSimPorts,
  type SimBoard,
} from '../../../../../src/main/printers/sim/marlin/board.ts'
import type { MarlinTraits } from '../../../../../src/main/printers/sim/marlin/traits.ts'
import { createSimPrinter } from '../../../../../src/main/printers/sim/sim-printer.ts'
import type { PrintFile } from '../../../../../src/main/printers/wire/print-file.ts'
import type { FakeClock } from '../../../../fakes/clock.ts'
import { makeTempDir } from '../../../../fakes/temp-dir.ts'
import {
  type Bench,
  createBench,
  driverKit,
  type Peer,
  settled,
  until,
  type Watched,
} from '../../driver-kit.ts'
import { cube } from './host/host-bench.ts'

interface MarlinPeer extends Peer {
  readonly board: SimBoard
}

function createPeer(clock: FakeClock, traits: Partial<MarlinTraits> = {}, port?: SerialPortInfo): MarlinPeer {
  const sim = createSimPrinter({ clock })
  sim.addFile('cube.gcode', ';TIME:600\nM104 S210\nM140 S60\n', 50_000)
  const board = createSimBoard(sim, traits, port)
  return {
    board,
    config: { port: board.port.path },
    serial: createSimPorts([board]),
    cut: () => board.cut(),
    restore: () => board.restore(),
    rubbish: () => board.rubbish(),
    late: delayMs => board.late(delayMs),
    stop: async () => board.stop(),
  }
}

driverKit({ driver: marlin, createPeer: async clock => createPeer(clock) })

let bench: Bench
let board: SimBoard

async function openWith(traits: Partial<MarlinTraits> = {}): Promise<Watched> {
  bench = await createBench({
    driver: marlin,
    createPeer: async clock => {
      const peer = createPeer(clock, traits)
      board = peer.board
      return peer
    },
  })
  return bench.open()
}

const codeOf = (promise: Promise<unknown>) =>
  settled(bench.clock, promise).then(
    () => 'fine',
    (thrown: { code?: string }) => thrown.code,
  )

function fileOf(lines: readonly string[]): PrintFile {
  const path = join(makeTempDir(), 'cube.gcode')
  const text = lines.map(line => `${line}\n`).join('')
  writeFileSync(path, text)
  return { name: 'cube.gcode', path, sizeBytes: text.length, open: () => createReadStream(path) }
}

const signal = () => new AbortController().signal

describe('Marlin', () => {
  afterEach(async () => bench.end())

  describe('a printer on a serial port', () => {
    let watched: Watched

    beforeEach(async () => {
      watched = await openWith()
    })

    it('tells what it is and what it can do', async () => {
      const { device, attributes } = await watched.next('device')
      expect(device).toMatchObject({
        productName: 'Ender-3',
        manufacturerName: 'Creality',
        firmwareRevision: '2.1.2.4',
        protocolRevision: '1.0',
      })
      // The UUID that every unconfigured Marlin carries is no serial number.
      expect(device.serialNumber).toBeUndefined()
      expect(attributes).toMatchObject({
        printSizeX: 220,
        printSizeZ: 250,
        network: false,
        memorySize: 0.005111,
      })
      expect(watched.session.can).toMatchObject({
        emergencyStop: 'true-stop',
        files: true,
        stream: true,
        push: true,
      })
      expect(watched.session.can.macros).toContain('Level the bed')
    })

    it('reports temperatures by itself', async () => {
      await settled(
        bench.clock,
        watched.session.perform({ kind: 'set-temperature', heater: 'nozzle0', targetC: 200 }),
      )
      await watched.next(
        'heaters',
        ({ heaters }) => heaters.some(({ id, actualC = 0 }) => id === 'nozzle0' && actualC > 150),
        60_000,
      )
      const { heaters } = await watched.next('heaters')
      expect(heaters).toEqual(
        expect.arrayContaining([expect.objectContaining({ id: 'nozzle0', targetC: 200, byPlugin: true })]),
      )
      expect(heaters).toEqual(expect.arrayContaining([expect.objectContaining({ id: 'bed', targetC: 0 })]))
    })

    it('is busy while it homes and idle after, and says where it is', async () => {
      const homing = watched.session.perform({ kind: 'home', axes: '' })
      await settled(bench.clock, homing)
      await settled(bench.clock, watched.session.perform({ kind: 'jog', xMm: 10, zMm: 5.5 }))
      await watched.next('position', ({ position }) => position.xMm === 10 && position.zMm === 5.5)
      await watched.next('machine', ({ state }) => state === 'idle')
      expect(board.marlin.executed).toEqual(expect.arrayContaining(['G28', 'G91', 'G1 X10 Z5.5 F600', 'G90']))
    })

    it('takes fans, macros and lines by hand, one line at a time', async () => {
      for (const command of [
        { kind: 'set-fan', percent: 50 },
        { kind: 'run-macro', name: 'Motors off' },
        { kind: 'send-gcode', line: 'M117 Hello' },
        { kind: 'extrude', mm: 5 },
      ] as const) {
        await settled(bench.clock, watched.session.perform(command))
      }
      expect(board.marlin.executed).toEqual(
        expect.arrayContaining(['M106 S127', 'M84', 'M117 Hello', 'G1 E5 F300']),
      )
      for (const line of ['', 'M110 N5', 'M28 x.gco', `M117 ${'x'.repeat(90)}`]) {
        expect([line, await codeOf(watched.session.perform({ kind: 'send-gcode', line }))]).toEqual([
          line,
          'printer.refused',
        ])
      }
      expect(
        await codeOf(watched.session.perform({ kind: 'set-temperature', heater: 'oven', targetC: 1 })),
      ).toBe('printer.unsupported')
    })

    it('stops at once in an emergency and comes back by a reset', async () => {
      const heating = watched.session.perform({ kind: 'send-gcode', line: 'M109 S210' })
      heating.catch(() => undefined)
      await bench.clock.advance(2_000)
      await watched.session.perform({ kind: 'emergency-stop' })
      await watched.next('machine', ({ state }) => state === 'error', 500)
      const { fault } = await watched.next('fault')
      expect(fault).toMatchObject({ class: 'killed', severity: 'critical', recoverBy: 'restart' })
      await settled(bench.clock, watched.session.perform({ kind: 'restart-machine' }))
      const { reason } = await watched.next('ended')
      expect(reason.code).toBe('wire.closed')
      const again = await bench.open()
      await again.next('machine', ({ state }) => state === 'idle')
    })

    it('hears M108, M410 and M112 past a command that takes minutes, also when a person types them', async () => {
      const type = (line: string) => watched.session.perform({ kind: 'send-gcode', line })
      const waits = type('M109 S210')
      await bench.clock.advance(3_000)
      await settled(bench.clock, type('M410'))
      await settled(bench.clock, type('m108'))
      await settled(bench.clock, waits)
      expect(board.sim.state().nozzle.actualC).toBeLessThan(100)
      const again = type('M109 S210').catch(() => undefined)
      await bench.clock.advance(1_000)
      await settled(bench.clock, type('M112'))
      await watched.next('machine', ({ state }) => state === 'error')
      expect(board.sim.state().nozzle.targetC).toBe(0)
      await bench.end()
      await again
    })

    it('lists the files of its card, prints one, pauses, resumes and tells when it is done', async () => {
      const { session } = watched
      const files = await settled(
        bench.clock,
        session.listFiles?.(signal()) ?? Promise.reject(new Error('no files')),
      )
      expect(files).toEqual([{ path: 'CUBE.GCO', name: 'cube.gcode', sizeBytes: 50_000 }])
      await settled(bench.clock, session.begin({ from: 'printer', path: 'CUBE.GCO' }))
      await watched.next('machine', ({ state }) => state === 'printing')
      await watched.next('job', ({ job }) => (job.progress ?? 0) > 0.2, 900_000)
      await settled(bench.clock, session.perform({ kind: 'pause' }))
      await watched.next('machine', ({ state }) => state === 'paused')
      await settled(bench.clock, session.perform({ kind: 'resume' }))
      await watched.next('machine', ({ state }) => state === 'printing')
      const { job } = await watched.next('job', each => each.job.state === 'done', 900_000)
      expect(job).toMatchObject({ name: 'CUBE.GCO', progress: 1 })
      expect(job.endedAt).toBeGreaterThan(job.startedAt ?? Number.MAX_VALUE)
      await watched.next('machine', ({ state }) => state === 'idle')
    }, 20_000)

    it('cancels a print from card, heaters off, and does not call it finished', async () => {
      const { session } = watched
      await settled(bench.clock, session.begin({ from: 'printer', path: 'CUBE.GCO' }))
      await bench.clock.advance(5_000)
      await settled(bench.clock, session.perform({ kind: 'cancel' }))
      const { job } = await watched.next('job', each => each.job.state === 'cancelled', 60_000)
      expect(job.endedAt).toBeDefined()
      expect(board.sim.state().nozzle.targetC).toBe(0)
    })

    it('refuses to start or delete a file it does not have', async () => {
      const { session } = watched
      expect(await codeOf(session.begin({ from: 'printer', path: 'NONE.GCO' }))).toBe('file.unknown')
      expect(await codeOf(session.perform({ kind: 'delete-file', path: 'NONE.GCO' }))).toBe('file.unknown')
    })

    it('takes a print that somebody starts at the panel for what it is', async () => {
      board.sim.act({ kind: 'start', path: 'cube.gcode' })
      board.marlin.say('echo:enqueueing "M23 cube.gco"', 'echo:enqueueing "M24"')
      const { job } = await watched.next('job', each => each.job.state === 'running')
      expect(job.name).toBe('cube.gco')
      await watched.next('job', each => (each.job.progress ?? 0) > 0, 300_000)
    })

    it('writes a file to the card while it asks nothing else', async () => {
      const lines = cube(60)
      const file = fileOf(lines)
      const sent: number[] = []
      const remote = await settled(
        bench.clock,
        watched.session.put?.(file, bytes => sent.push(bytes), signal()) ??
          Promise.reject(new Error('no upload')),
        120_000,
      )
      expect(remote).toMatchObject({ path: 'CUBE.GCO', name: 'cube.gcode' })
      expect(sent.at(-1)).toBe(file.sizeBytes)
      expect(board.sim.state().files.some(({ path }) => path === 'CUBE.GCO')).toBe(true)
    })

    it('prints from the disk of this machine, exactly counted, to the end', async () => {
      const file = fileOf(cube(500))
      await settled(bench.clock, watched.session.begin({ from: 'here', file }))
      expect(await codeOf(watched.session.begin({ from: 'here', file }))).toBe('printer.busy')
      const { job } = await watched.next('job', each => each.job.state === 'done', 120_000)
      expect(job).toMatchObject({ name: 'cube.gcode', progress: 1 })
      await watched.next('machine', ({ state }) => state === 'idle')
    })

    it('says that a print from disk failed when the cable is pulled, and that the line is lost', async () => {
      await settled(
        bench.clock,
        watched.session.begin({ from: 'here', file: fileOf(['G4 S30', ...cube(500)]) }),
      )
      await bench.clock.advance(1_000)
      board.cut()
      await watched.next('ended')
      const { job } = await watched.next('job')
      expect(job.state).toBe('failed')
      expect((await watched.next('fault')).fault).toMatchObject({ class: 'link-lost' })
    })

    it('says that a print failed when the printer starts anew, and never takes it up again', async () => {
      await settled(
        bench.clock,
        watched.session.begin({ from: 'here', file: fileOf(['G4 S30', ...cube(500)]) }),
      )
      await bench.clock.advance(1_000)
      board.marlin.reset()
      await watched.next('ended')
      expect((await watched.next('job')).job.state).toBe('failed')
      expect((await watched.next('fault')).fault).toMatchObject({ class: 'printer-reset' })
      const again = await bench.open()
      await bench.clock.advance(60_000)
      expect(board.marlin.executed.filter(line => line.startsWith('G1'))).toEqual([])
      expect(again.events.some(event => event.kind === 'job' && event.job.state === 'running')).toBe(false)
    })

    it('shows a question of the firmware and hands the answer back', async () => {
      board.sim.act({ kind: 'break', fault: 'filament-runout' })
      const { prompt } = await watched.next('prompt', each => each.prompt !== undefined)
      expect(prompt).toMatchObject({ text: 'Filament runout', buttons: ['PurgeMore', 'Continue'] })
      await watched.next('machine', ({ state }) => state === 'attention')
      expect((await watched.next('fault')).fault.class).toBe('filament-runout')
      const stale = { kind: 'answer-prompt', promptId: 'prompt-99', button: 0 } as const
      expect(await codeOf(watched.session.perform(stale))).toBe('printer.refused')
      await settled(bench.clock, watched.session.perform({ ...stale, promptId: prompt?.id ?? '', button: 1 }))
      await watched.next('prompt', each => each.prompt === undefined)
      await watched.next('machine', ({ state }) => state === 'idle')
    })

    it('raises a thermal runaway with the reason, not with the kill that follows', async () => {
      board.sim.act({ kind: 'break', fault: 'thermal-runaway' })
      await watched.next('machine', ({ state }) => state === 'error')
      const faults = watched.events.flatMap(event => (event.kind === 'fault' ? [event.fault.class] : []))
      expect(new Set(faults)).toEqual(new Set(['thermal-runaway']))
    })

    it('passes text with markup on as text', async () => {
      board.marlin.say('//action:prompt_begin <img src=x onerror=alert(1)>', '//action:prompt_show')
      expect((await watched.next('prompt', each => each.prompt !== undefined)).prompt?.text).toBe(
        '<img src=x onerror=alert(1)>',
      )
    })
  })

  describe('temperatures that cannot be true', () => {
    it.each([
      ['T:nan /0.0 B:21.0 /0.0'],
      ['T:-14.3 /0.0 B:21.0 /0.0'],
      ['T:2000.0 /0.0 B:21.0 /0.0'],
      ['T:-273.1 /0.0 B:21.0 /0.0'],
    ])('%s', async temperatures => {
      const watched = await openWith({ temperatures })
      const { heaters } = await watched.next('heaters')
      expect(heaters.find(({ id }) => id === 'nozzle0')).not.toHaveProperty('actualC')
      expect(heaters.find(({ id }) => id === 'bed')).toMatchObject({ actualC: 21 })
      const faults = watched.events.filter(event => event.kind === 'fault')
      expect(faults).toHaveLength(1)
      expect(faults[0]).toMatchObject({ fault: { class: 'sensor-fault' } })
    })
  })

  describe('a firmware that knows little', () => {
    it('is asked for its temperatures and has no card and no questions', async () => {
      const watched = await openWith({
        autoReport: false,
        card: false,
        prompts: false,
        emergencyParser: false,
      })
      expect(watched.session.can).toMatchObject({
        push: false,
        files: false,
        upload: false,
        prompts: false,
        emergencyStop: 'gcode',
      })
      const before = watched.events.filter(({ kind }) => kind === 'heaters').length
      await until(
        bench.clock,
        'it was asked again',
        () => watched.events.filter(({ kind }) => kind === 'heaters').length > before + 2,
        60_000,
      )
      expect(await codeOf(watched.session.begin({ from: 'printer', path: 'x' }))).toBe('printer.unsupported')
    })
  })

  describe('what is not a printer', () => {
    it('such as a modem, which answers OK to nothing we say', async () => {
      bench = await createBench({
        driver: marlin,
        createPeer: async clock => {
          const peer = createPeer(clock)
          const open: SimBoard['open'] = () => {
            const line = peer.board.open()
            return {
              ...line,
              onData: listener => line.onData(() => listener(Buffer.from('\r\nERROR\r\n'))),
            }
          }
          return { ...peer, serial: createSimPorts([{ ...peer.board, open }]) }
        },
      })
      expect(await codeOf(bench.open())).toBe('wire.timeout')
      await bench.clock.advance(1_000)
    })

    it('such as a device that answers ok and never says who it is', async () => {
      expect(await openWith({ otherDevice: 'scale' }).catch((thrown: { code?: string }) => thrown.code)).toBe(
        'wire.malformed',
      )
    })
  })

  describe('two boards that differ by nothing but their place', () => {
    it('are never taken for each other when the system swaps their names', async () => {
      const ids = { vendorId: '1a86', productId: '7523' }
      const boards: SimBoard[] = []
      bench = await createBench({
        driver: marlin,
        createPeer: async clock => {
          const left = createPeer(
            clock,
            { machine: 'Left' },
            { path: '/dev/ttyUSB1', ...ids, locationId: '1-1.2' },
          )
          const right = createPeer(
            clock,
            { machine: 'Right' },
            { path: '/dev/ttyUSB0', ...ids, locationId: '1-1.3' },
          )
          boards.push(left.board, right.board)
          return {
            ...left,
            serial: createSimPorts(boards),
            stop: async () => {
              for (const each of boards) each.stop()
            },
          }
        },
      })
      const watched = await bench.open({ port: '/dev/ttyUSB0', identity: 'usb-path:1-1.2' })
      expect((await watched.next('device')).device.productName).toBe('Left')
      expect(await codeOf(bench.open({ port: '/dev/ttyUSB0', identity: 'usb-path:1-1.9' }))).toBe(
        'printer.offline',
      )
    })
  })
})
