import { mkdir, open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { GantryError } from '../../contract/error.ts'
import type { Clock } from '../../lib/clock.ts'
import { diskFile, type Printers, type PrintFile } from '../../printers/index.ts'
import { answers, type Handler } from './handlers.ts'

const pieceBytes = 1_000_000
const mostUploads = 20
/** A file whose owner went away in the middle does not lie around. */
const uploadLifeMs = 3_600_000
const listMs = 15_000
const answerWithinMs = 5_000

interface Upload {
  readonly printerId: string
  readonly name: string
  readonly path: string
  readonly sizeBytes: number
  receivedBytes: number
  readonly stopTimer: () => void
}

/** Files on the printer, and files on their way to it: they arrive in pieces and wait on disk, never in memory. */
export function fileHandlers({
  printers,
  clock,
  dir,
  uuid,
}: {
  readonly printers: Printers
  readonly clock: Clock
  readonly dir: string
  readonly uuid: () => string
}): Handler[] {
  const uploads = new Map<string, Upload>()
  /** What stops the file that is on its way to a printer. */
  const underway = new Map<string, AbortController>()

  const find = (printerId: string, uploadId: string): Upload => {
    const upload = uploads.get(uploadId)
    if (upload?.printerId === printerId) return upload
    throw new GantryError('file.unknown', 'This upload is not known, or took too long.')
  }
  const drop = async (uploadId: string) => {
    const upload = uploads.get(uploadId)
    uploads.delete(uploadId)
    upload?.stopTimer()
    if (upload) await rm(upload.path, { force: true })
  }
  const deliver = async (printerId: string, uploadId: string, file: PrintFile, print: boolean) => {
    const stop = new AbortController()
    // A second file is refused while one is on its way: the first keeps what stops it.
    const isFirst = !underway.has(printerId)
    if (isFirst) underway.set(printerId, stop)
    try {
      const signal = AbortSignal.any([stop.signal, AbortSignal.timeout(uploadLifeMs)])
      await printers.send(printerId, file, print, signal)
    } finally {
      if (isFirst) underway.delete(printerId)
      await drop(uploadId)
    }
  }

  return [
    answers('GET printerfiles/list', async id => {
      const files = await printers.listFiles(id, AbortSignal.timeout(listMs))
      return { files: files.map(file => ({ ...file })) }
    }),
    answers('POST printerfiles/delete', async (id, { path }) => {
      await printers.perform(id, { kind: 'delete-file', path })
      return {}
    }),
    answers('POST printerfiles/upload', async (printerId, { name, sizeBytes }) => {
      printers.get(printerId)
      if (!/\.(?:gcode|gco|g|bgcode)$/i.test(name)) {
        throw new GantryError('request.invalid', 'Only .gcode, .gco, .g and .bgcode files can be printed.')
      }
      if (uploads.size >= mostUploads) {
        throw new GantryError('printer.busy', 'Too many files are on their way already.')
      }
      const uploadId = uuid()
      await mkdir(dir, { recursive: true })
      const path = join(dir, `${uploadId}.part`)
      await (await open(path, 'wx', 0o600)).close()
      const stopTimer = clock.after(uploadLifeMs, 'printer3d upload', () => void drop(uploadId))
      uploads.set(uploadId, { printerId, name, path, sizeBytes, receivedBytes: 0, stopTimer })
      return { uploadId, pieceBytes }
    }),
    answers('POST printerfiles/piece', async (printerId, { uploadId, offset, data }) => {
      const upload = find(printerId, uploadId)
      const bytes = Buffer.from(data, 'base64')
      if (offset !== upload.receivedBytes || offset + bytes.length > upload.sizeBytes) {
        throw new GantryError('request.invalid', `The next piece begins at ${upload.receivedBytes}.`)
      }
      upload.receivedBytes += bytes.length
      const file = await open(upload.path, 'a')
      try {
        await file.appendFile(bytes)
      } finally {
        await file.close()
      }
      return { receivedBytes: upload.receivedBytes }
    }),
    answers('DELETE printerfiles/send', async (printerId, { uploadId }) => {
      printers.get(printerId)
      const isOwn = uploadId !== undefined && uploads.get(uploadId)?.printerId === printerId
      if (underway.has(printerId)) underway.get(printerId)?.abort()
      else if (isOwn) await drop(uploadId)
      else throw new GantryError('file.unknown', 'No file is on its way to this printer.')
      return {}
    }),
    answers('POST printerfiles/send', async (printerId, { uploadId, print }) => {
      const upload = find(printerId, uploadId)
      if (upload.receivedBytes !== upload.sizeBytes) {
        throw new GantryError(
          'request.invalid',
          `${upload.sizeBytes - upload.receivedBytes} bytes are missing.`,
        )
      }
      const { path, name, sizeBytes } = upload
      const file = diskFile(path, name, sizeBytes)
      const sending = deliver(printerId, uploadId, file, print)
      // A long one is answered as begun: how it goes on, and how it fails, stands in the printer's own state.
      await Promise.race([sending, begun(clock)])
      sending.catch(() => {})
      return {}
    }),
  ]
}

function begun(clock: Clock): Promise<void> {
  return new Promise(resolve => {
    clock.after(answerWithinMs, 'printer3d send', resolve)
  })
}
