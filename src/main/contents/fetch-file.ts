import { mkdir, open, rm, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { GantryError } from '../contract/error.ts'
import type { WireReply } from './wire.ts'
import { serverFault } from './wire-error.ts'

/** The largest file printed from a contents server; a day's print has about a tenth of it. */
const mostFileBytes = 2_000_000_000

const pathOf = (dir: string, id: string) => join(dir, `${id}.part`)

/** Writes what comes to disk, as many bytes as were told and none more. What it wrote is the caller's to discard. */
export async function fetchFile(
  {
    reply,
    dir,
    id,
    sizeBytes,
  }: {
    readonly reply: WireReply
    readonly dir: string
    readonly id: string
    readonly sizeBytes: number
  },
  progress: (receivedBytes: number) => void,
  freeBytesOf = freeBytesOn,
): Promise<string> {
  const path = pathOf(dir, id)
  try {
    if (sizeBytes > mostFileBytes) {
      throw serverFault('wire.too-large', 'The file has more than 2 GB; Gantry does not take it.')
    }
    await mkdir(dir, { recursive: true, mode: 0o700 })
    if ((await freeBytesOf(dir)) < sizeBytes) throw diskFull()
    const file = await open(path, 'wx', 0o600)
    let receivedBytes = 0
    try {
      for await (const piece of reply.pieces(sizeBytes)) {
        await file.writeFile(piece)
        receivedBytes += piece.length
        progress(receivedBytes)
      }
    } finally {
      await file.close()
    }
    if (receivedBytes === sizeBytes) return path
    throw serverFault(
      'wire.malformed',
      `The contents server sent ${receivedBytes} of ${sizeBytes} bytes: the file is not whole.`,
    )
  } catch (thrown) {
    throw isDiskFull(thrown) ? diskFull() : thrown
  } finally {
    reply.close()
  }
}

export async function discardFile(dir: string, id: string): Promise<void> {
  await rm(pathOf(dir, id), { force: true })
}

async function freeBytesOn(dir: string): Promise<number> {
  const { bavail, bsize } = await statfs(dir)
  return bavail * bsize
}

const diskFull = () =>
  new GantryError(
    'data.full',
    'The disk of Gantry’s data folder has no space for this file. Make some and try again.',
  )

const isDiskFull = (thrown: unknown) =>
  thrown instanceof Error && 'code' in thrown && (thrown.code === 'ENOSPC' || thrown.code === 'EDQUOT')
