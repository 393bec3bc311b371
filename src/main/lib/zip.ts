import { strToU8, zipSync } from 'fflate'

/** One zip of text files, in memory. */
export function zipTexts(files: Readonly<Record<string, string>>): Uint8Array {
  return zipSync(Object.fromEntries(Object.entries(files).map(([name, text]) => [name, strToU8(text)])))
}
