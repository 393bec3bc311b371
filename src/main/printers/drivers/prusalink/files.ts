import { GantryError } from '../../../contract/error.ts'
import type { DriverContext, PrinterSession, RemoteFile } from '../../driver/driver.ts'
import type { PrintFile } from '../../wire/print-file.ts'
import { known, parseJson, readReply } from '../../wire/readings.ts'
import { remoteName } from '../../wire/remote-name.ts'
import { type Entry, folder } from './reply.ts'
import { accepted, type PrusaLinkWire } from './wire.ts'

const uploadStallMs = 60_000
const appearPeriodMs = 250
const appearTurns = 20
/** A stick may hold anything; a board answers for one folder in some tenths of a second. */
const mostFolders = 200
const deepest = 8
/** Older boards have room for 96 letters. */
const nameRule = { longestBytes: 96, respells: false }

export const encodePath = (path: string) => path.split('/').map(encodeURIComponent).join('/')
const address = (path: string) => `api/v1/files${encodePath(path)}`

/** The files on the drive that is printed from. */
export function fileRoom(parts: {
  readonly wire: PrusaLinkWire
  readonly drive: string
  readonly ctx: DriverContext
  readonly signal: AbortSignal
  /** The path of the file that is being printed. */
  readonly printing: () => string | undefined
}): Required<Pick<PrinterSession, 'put' | 'listFiles'>> {
  const { wire, drive, ctx } = parts

  const look = async (path: string, signal: AbortSignal): Promise<Entry | undefined> => {
    const reply = await wire.send({ method: 'GET', path: address(path), signal })
    return reply.status === 404 ? undefined : readReply(accepted(reply, 'the file').text, folder, 'the file')
  }
  /**
   * On FAT two names that differ in case are one file; the second gets a name of its own. A file that is printed is not
   * replaced: a Raspberry Pi would do it, a Buddy board says no when the whole file is there.
   */
  const freeName = async (wanted: string, signal: AbortSignal): Promise<string> => {
    const there = await look(`${drive}/${wanted}`, signal)
    if (there === undefined) return wanted
    const shown = there.display_name ?? there.name
    const isOther = shown !== wanted && shown.toLowerCase() === wanted.toLowerCase()
    if (isOther) return remoteName(wanted, { ...nameRule, isTaken: true })
    if (parts.printing() === `${drive}/${there.name}`)
      throw new GantryError('printer.busy', 'This file is being printed and stays as it is.')
    return wanted
  }
  /**
   * A Raspberry Pi notices a new file a moment after it took it, and until then can neither list nor print it.
   * Resolves to the name under which it is listed: a Buddy board lists the short ones FAT makes.
   */
  const appears = async (path: string, signal: AbortSignal): Promise<string | undefined> => {
    for (let turn = 0; turn < appearTurns; turn++) {
      const reply = await wire.send({ method: 'GET', path: address(path), signal })
      if (reply.status !== 404) return folder.safeParse(parseJson(reply.text)).data?.name
      await pause(ctx, appearPeriodMs, signal)
    }
    return undefined
  }
  const upload = async (
    file: PrintFile,
    name: string,
    progress: (sentBytes: number) => void,
    signal: AbortSignal,
  ) => {
    await wire.freshen(signal)
    const reply = await wire.send({
      method: 'PUT',
      path: address(`${drive}/${name}`),
      lane: 'bulk',
      // As Prusa's slicer says it: of `application/octet-stream` PrusaLink on a Raspberry Pi wants to see the type
      // in a file it has not put there yet, and fails (0.8.1).
      headers: { 'content-type': 'text/x.gcode', overwrite: '?1', 'print-after-upload': '?0' },
      body: { stream: file.open(), sizeBytes: file.sizeBytes, onSent: progress },
      timeoutMs: uploadStallMs,
      signal,
    })
    if (reply.status === 401) throw new GantryError('wire.closed', 'The upload was not let in; try again.')
    accepted(reply, 'the file')
  }

  return {
    async put(file, progress, own) {
      const signal = AbortSignal.any([parts.signal, own])
      const name = await freeName(remoteName(file.name, nameRule), signal)
      await upload(file, name, progress, signal)
      const listed = await appears(`${drive}/${name}`, signal)
      return { path: `${drive}/${listed ?? name}`, name, sizeBytes: file.sizeBytes }
    },
    async listFiles(own) {
      const signal = AbortSignal.any([parts.signal, own])
      const found: RemoteFile[] = []
      // A board tells of one folder, a Raspberry Pi of all that is in it.
      const open: { readonly path: string; readonly depth: number; readonly entry?: Entry }[] = [
        { path: drive, depth: 0 },
      ]
      for (let asked = 0; open.length > 0; ) {
        const here = open.shift()
        if (here === undefined) break
        if (here.entry?.children === undefined && ++asked > mostFolders) {
          ctx.log.debug('not every folder of the printer was listed', { asked: mostFolders })
          break
        }
        const { children = [] } = here.entry?.children ? here.entry : ((await look(here.path, signal)) ?? {})
        for (const entry of children) {
          const path = `${here.path}/${entry.name}`
          const isFolder = entry.type === 'FOLDER' || entry.children !== undefined
          if (!isFolder) found.push(fileOf(entry, path))
          else if (here.depth < deepest) open.push({ path, depth: here.depth + 1, entry })
        }
      }
      return found
    },
  }
}

function fileOf(entry: Entry, path: string): RemoteFile {
  const modifiedAt = entry.m_timestamp === undefined ? undefined : entry.m_timestamp * 1000
  return { path, name: entry.display_name ?? entry.name, ...known({ sizeBytes: entry.size, modifiedAt }) }
}

const pause = ({ clock }: DriverContext, delayMs: number, signal: AbortSignal) =>
  new Promise<void>(resolve => {
    const go = () => {
      stop()
      signal.removeEventListener('abort', go)
      resolve()
    }
    const stop = clock.after(delayMs, 'printers.prusalink file', go)
    signal.addEventListener('abort', go, { once: true })
  })
