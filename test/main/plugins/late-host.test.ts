import { createReadStream, existsSync, readdirSync } from 'node:fs'
import { PassThrough, type Readable } from 'node:stream'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createFiles, type Uploads } from '../../../src/main/files/index.ts'
import type { ChildProcess } from '../../../src/main/lib/child-process.ts'
import { createFileCalls } from '../../../src/main/plugins/printer3d/files.ts'
import { createSerialHost } from '../../../src/main/printers/drivers/marlin/host/host.ts'
import type { SerialPorts } from '../../../src/main/printers/serial/serial-ports.ts'
import { fillUpload } from '../../fakes/bytes.ts'
import type { FakeClock } from '../../fakes/clock.ts'
import { callHandler, ownCall } from '../../fakes/handlers.ts'
import { makeTempDir } from '../../fakes/temp-dir.ts'
import { cube } from '../printers/drivers/marlin/host/host-bench.ts'
import { createRoomBench, type RoomBench } from '../printers/room-bench.ts'

vi.setConfig({ testTimeout: 30_000 })

const lateMs = 3_000
let bench: RoomBench
let uploads: Uploads
let dir: string

/** A process of its own on a busy machine: it takes its orders at once, and opens the file when it gets to it. */
function lateHost(ports: SerialPorts, clock: FakeClock): ChildProcess {
  const listeners = new Set<(message: unknown) => void>()
  const read = ({ path }: { readonly path: string }): Readable => {
    const late = new PassThrough()
    clock.after(lateMs, 'test late file', () => {
      createReadStream(path)
        .on('error', error => late.destroy(error))
        .pipe(late)
    })
    return late
  }
  const tell = (message: unknown) => {
    for (const listener of [...listeners]) listener(structuredClone(message))
  }
  const host = createSerialHost({ clock, ports, tell, read })
  return {
    pid: undefined,
    send: message => host.take(structuredClone(message)),
    onMessage(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    onOutput: () => () => {},
    onExit: () => () => {},
    kill() {},
  }
}

beforeEach(async () => {
  bench = await createRoomBench('marlin', {}, lateHost)
  dir = makeTempDir()
  let count = 0
  uploads = createFiles({ clock: bench.clock, dir, uuid: () => `id-${++count}` }).uploads
})
afterEach(async () => bench.end())

async function print(lines: readonly string[]) {
  const { handlers } = createFileCalls({ printers: bench.printers, uploads, clock: bench.clock })
  const call = { ...ownCall, serviceId: bench.id }
  const text = lines.map(line => `${line}\n`).join('')
  const tell = (
    route: 'POST printerfiles/upload' | 'POST printerfiles/send',
    params: Record<string, string>,
  ) => bench.settled(Promise.resolve(callHandler(handlers, route).answer(params, call)))
  const begun = await tell('POST printerfiles/upload', {
    name: 'small.gcode',
    sizeBytes: String(text.length),
  })
  const uploadId = String(begun.uploadId)
  await fillUpload(uploads, call.caller.origin, uploadId, text)
  await tell('POST printerfiles/send', { uploadId, print: 'true' })
  return { uploadId, origin: call.caller.origin }
}

describe('a print whose host opens its file late', () => {
  it('finds the file, prints it to the end, and then nothing of it stays', async () => {
    const { uploadId, origin } = await print(cube(50))
    expect(readdirSync(dir)).toHaveLength(1)
    // It belongs to the run: nobody sends it again, and nobody takes it away.
    expect(() => uploads.find(origin, uploadId)).toThrowError(/not known/)
    await bench.becomes('done', ({ job }) => ['done', 'failed', 'cancelled'].includes(job.state), 200_000)
    expect(bench.snapshot().job.state).toBe('done')
    await vi.waitFor(() => expect(readdirSync(dir)).toEqual([]))
  })

  it('leaves nothing of the file when it is cancelled', async () => {
    await print(['G4 S600', ...cube(50)])
    await bench.becomes(
      'printing',
      ({ machine }) => machine.state === 'printing' || machine.state === 'preparing',
    )
    await bench.settled(bench.printers.perform(bench.id, { kind: 'cancel' }))
    await bench.becomes('cancelled', ({ job }) => job.state === 'cancelled', 900_000)
    await vi.waitFor(() => expect(readdirSync(dir)).toEqual([]))
  })

  it('leaves nothing of the file when the cable is pulled, or when it was never let in', async () => {
    await print(['G4 S600', ...cube(50)])
    const refused = await bench.codeOf(print(cube(5)))
    expect(refused).toBe('printer.printing')
    await vi.waitFor(() => expect(readdirSync(dir)).toHaveLength(1))
    bench.board?.cut()
    await bench.becomes('failed', ({ job }) => job.state === 'failed')
    await vi.waitFor(() => expect(readdirSync(dir)).toEqual([]))
    expect(existsSync(dir)).toBe(true)
  })
})
