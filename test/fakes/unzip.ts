import { strFromU8, unzipSync } from 'fflate'

/** The text files of a zip, by name. */
export function unzipTexts(bytes: Uint8Array): Record<string, string> {
  return Object.fromEntries(Object.entries(unzipSync(bytes)).map(([name, file]) => [name, strFromU8(file)]))
}
