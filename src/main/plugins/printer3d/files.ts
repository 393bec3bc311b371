import { GantryError } from '../../contract/error.ts'
import type { TakenFile, Uploads } from '../../files/index.ts'
import { bytesPath } from '../../handlers/bytes.ts'
import { answers, type RouteHandler } from '../../handlers/handler.ts'
import type { Clock } from '../../lib/clock.ts'
import { diskFile, type Printers } from '../../printers/index.ts'

const sendLimitMs = 3_600_000
const listMs = 15_000
const answerWithinMs = 5_000

/** Files on the printer, and files on their way to it. `forget` drops what an application that is over has handed over. */
export function createFileCalls({
  printers,
  uploads,
  clock,
}: {
  readonly printers: Printers
  readonly uploads: Uploads
  readonly clock: Clock
}): { readonly handlers: readonly RouteHandler[]; readonly forget: (application: string) => void } {
  /** For which printer a file comes, and who began to hand it over. */
  const meant = new Map<string, { readonly printerId: string; readonly application: string }>()
  /** What stops the file that is on its way to a printer. */
  const underway = new Map<string, AbortController>()

  const find = (origin: string, printerId: string, uploadId: string) => {
    const upload = uploads.find(origin, uploadId)
    if (meant.get(uploadId)?.printerId === printerId) return upload
    throw new GantryError('file.unknown', 'This upload is meant for another printer.')
  }
  const drop = async (uploadId: string) => {
    meant.delete(uploadId)
    await uploads.remove(uploadId)
  }
  const deliver = async (printerId: string, taken: TakenFile, print: boolean) => {
    const stop = new AbortController()
    // A second file is refused while one is on its way: the first keeps what stops it.
    const isFirst = !underway.has(printerId)
    if (isFirst) underway.set(printerId, stop)
    let over: Promise<void> = Promise.resolve()
    try {
      const signal = AbortSignal.any([stop.signal, AbortSignal.timeout(sendLimitMs)])
      const file = diskFile(taken.path, taken.name, taken.sizeBytes)
      over = (await printers.send(printerId, file, print, signal)).over
    } finally {
      if (isFirst) underway.delete(printerId)
      // What is fed from this disk is the run's until it ends. What cannot be removed goes when Gantry starts the next time.
      void over.then(taken.release).catch(() => {})
    }
  }

  const handlers = [
    answers('GET printerfiles/list', async (_, { serviceId: id }) => {
      const files = await printers.listFiles(id, AbortSignal.timeout(listMs))
      return { files: files.map(file => ({ ...file })) }
    }),
    answers('POST printerfiles/delete', async ({ path }, { serviceId: id }) => {
      await printers.perform(id, { kind: 'delete-file', path })
      return {}
    }),
    answers('POST printerfiles/upload', async ({ name, sizeBytes }, { serviceId: printerId, caller }) => {
      if (!/\.(?:gcode|gco|g|bgcode)$/i.test(name)) {
        throw new GantryError('request.invalid', 'Only .gcode, .gco, .g and .bgcode files can be printed.')
      }
      const { id } = await uploads.begin(caller.origin, { name, sizeBytes })
      // Those that took too long are gone by themselves.
      for (const each of meant.keys()) if (!uploads.isThere(each)) meant.delete(each)
      meant.set(id, { printerId, application: caller.id })
      return { uploadId: id, bytes: bytesPath('printerfiles', id) }
    }),
    answers('DELETE printerfiles/send', async ({ uploadId }, { serviceId: printerId, caller }) => {
      if (underway.has(printerId)) underway.get(printerId)?.abort()
      else if (uploadId !== undefined) await drop(find(caller.origin, printerId, uploadId).id)
      else throw new GantryError('file.unknown', 'No file is on its way to this printer.')
      return {}
    }),
    answers('POST printerfiles/send', async ({ uploadId, print }, { serviceId: printerId, caller }) => {
      const upload = find(caller.origin, printerId, uploadId)
      if (upload.receivedBytes !== upload.sizeBytes) {
        throw new GantryError(
          'request.invalid',
          `${upload.sizeBytes - upload.receivedBytes} bytes are missing.`,
        )
      }
      // Whoever began it, it is the printer's from here on.
      meant.delete(uploadId)
      const sending = deliver(printerId, uploads.take(caller.origin, uploadId), print)
      // A long one is answered as begun: how it goes on, and how it fails, stands in the printer's own state.
      await Promise.race([sending, begun(clock)])
      sending.catch(() => {})
      return {}
    }),
  ]
  return {
    handlers,
    forget(application) {
      for (const [uploadId, by] of meant) {
        if (by.application !== application) continue
        // What cannot be removed now goes when Gantry starts the next time.
        drop(uploadId).catch(() => {})
      }
    },
  }
}

function begun(clock: Clock): Promise<void> {
  return new Promise(resolve => {
    clock.after(answerWithinMs, 'printer3d send', resolve)
  })
}
