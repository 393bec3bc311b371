import { GantryError } from '../../../contract/error.ts'
import type { RemoteFile } from '../../driver/driver.ts'
import type { PrintFile } from '../../wire/print-file.ts'
import { commandOf } from './host/gcode-line.ts'
import type { Firmware } from './identity.ts'
import type { LineClient } from './line-client.ts'
import type { FirmwareProfile } from './profile.ts'
import { parseCardFile } from './wire/card.ts'
import { createLineSplitter } from './wire/frame.ts'
import { parseReply } from './wire/reply.ts'

export async function listCard(line: LineClient, { capabilities }: Firmware): Promise<readonly RemoteFile[]> {
  const long = capabilities.has('EXTENDED_M20') || capabilities.has('LONG_FILENAME')
  const answer = await line.command(long ? 'M20 L' : 'M20')
  let inside = false
  const files: RemoteFile[] = []
  for (const text of answer) {
    const [mark] = parseReply(text)
    if (mark?.kind === 'card-list') inside = mark.part === 'begin'
    else if (inside) {
      const file = parseCardFile(text)
      if (file) files.push(file)
    }
  }
  return files
}

export async function startCard(line: LineClient, path: string, profile: FirmwareProfile): Promise<void> {
  const name = profile.lowerCaseNames ? path.toLowerCase() : path
  refuseIfRefused(await line.command(`M23 ${name}`), path)
  await line.command('M24')
}

export async function deleteFromCard(line: LineClient, path: string): Promise<void> {
  const answer = await line.command(`M30 ${path}`)
  if (answer.some(text => /failed/i.test(text))) throw unknownFile(path)
}

/** M28: a few kilobytes a second. Nothing else may be sent meanwhile: it would be written into the file. */
export async function uploadToCard(
  line: LineClient,
  file: PrintFile,
  { capabilities }: Firmware,
  progress: (sentBytes: number) => void,
  signal: AbortSignal,
): Promise<RemoteFile> {
  const path = cardName(file.name, capabilities.has('LFN_WRITE'))
  refuseIfRefused(await line.command(`M28 ${path}`), path)
  const splitter = createLineSplitter()
  const stream = file.open()
  let sentBytes = 0
  const send = async (raw: string) => {
    const command = commandOf(raw)
    if (command !== '' && !signal.aborted) await line.command(command)
  }
  try {
    for await (const chunk of stream) {
      const bytes = Buffer.from(chunk)
      for (const raw of splitter.push(bytes)) await send(raw)
      if (signal.aborted) break
      sentBytes += bytes.length
      progress(sentBytes)
    }
    await send(splitter.rest())
  } finally {
    stream.destroy()
    await line.command('M29')
  }
  if (signal.aborted) {
    await line.command(`M30 ${path}`)
    throw new GantryError('cancelled', 'The upload was stopped; its part on the card was deleted.')
  }
  return { path, name: file.name, sizeBytes: file.sizeBytes }
}

const SHORT_NAME = 8
const LONG_NAME = 60

/** A name a card takes: 8.3 where the firmware knows no longer ones. */
function cardName(name: string, long: boolean): string {
  const stem = name
    .replace(/\.[^.]*$/, '')
    .normalize('NFKD')
    .replace(/[^A-Za-z0-9_-]/g, '')
  return long
    ? `${stem.slice(0, LONG_NAME) || 'print'}.gcode`
    : `${stem.replaceAll('-', '').slice(0, SHORT_NAME).toUpperCase() || 'PRINT'}.GCO`
}

function refuseIfRefused(answer: readonly string[], path: string): void {
  const refused = answer.flatMap(parseReply).find(reply => reply.kind === 'card-refused')
  if (refused) throw unknownFile(path)
}

function unknownFile(path: string): GantryError {
  return new GantryError('file.unknown', `The printer’s card has no “${path}”, or cannot read or write it.`, {
    path,
  })
}
