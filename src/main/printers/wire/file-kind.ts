import { extname } from 'node:path'
import { GantryError } from '../../contract/error.ts'
import type { PrintFile } from './print-file.ts'

/** What a printer may be given: G-code as text, Prusa's binary G-code, Cura's package of G-code. */
export type FileKind = 'gcode' | 'bgcode' | 'ufp'

const kindByEnding: Readonly<Record<string, FileKind>> = {
  '.gcode': 'gcode',
  '.gco': 'gcode',
  '.gc': 'gcode',
  '.g': 'gcode',
  '.bgcode': 'bgcode',
  '.bgc': 'bgcode',
  '.ufp': 'ufp',
}
/** How a file of each begins, whatever it is called. */
const beginnings: readonly (readonly [begins: string, kinds: readonly FileKind[], ending: string])[] = [
  ['GCDE', ['bgcode'], '.bgcode'],
  ['PK\u0003\u0004', ['ufp'], '.zip'],
]
const longestBeginning = 4

/** Throws `file.wrong-kind` for what the printer cannot print, before any of it is sent. */
export async function demandKind(file: PrintFile, accepts: readonly FileKind[]): Promise<void> {
  const ending = extname(file.name).toLowerCase()
  const called = Object.hasOwn(kindByEnding, ending) ? kindByEnding[ending] : undefined
  if (called === undefined || !accepts.includes(called)) throw wrongKind(file, ending)
  const begins = await beginningOf(file)
  const found = beginnings.find(([own]) => begins.startsWith(own))
  if (found === undefined) {
    // Firmware that looks for the sign of a binary file does not look at the name.
    if (called === 'bgcode' && begins !== '') throw wrongKind(file, ending)
    return
  }
  const [, kinds, real] = found
  if (!kinds.includes(called) && !kinds.some(kind => accepts.includes(kind) && kind === 'bgcode')) {
    throw wrongKind(file, real)
  }
}

async function beginningOf(file: PrintFile): Promise<string> {
  const pieces: Buffer[] = []
  try {
    // Destroyed with the loop.
    for await (const piece of file.open()) {
      pieces.push(Buffer.from(piece))
      if (Buffer.concat(pieces).length >= longestBeginning) break
    }
  } catch {
    // Whoever sends it says why it cannot be read.
    return ''
  }
  return Buffer.concat(pieces).subarray(0, longestBeginning).toString('latin1')
}

function wrongKind({ name }: PrintFile, kind: string): GantryError {
  return new GantryError(
    'file.wrong-kind',
    `This printer does not print ${kind || 'such'} files. “${name}” was not sent.`,
    { kind },
  )
}
