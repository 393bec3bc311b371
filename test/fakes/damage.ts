import { readFileSync, writeFileSync } from 'node:fs'

/** Overwrites the beginning of a closed database, but for its header, the way a failing disk does. */
export function damage(file: string): void {
  const bytes = readFileSync(file)
  bytes.fill(0xa5, 100, Math.min(bytes.byteLength, 9_000))
  writeFileSync(file, bytes)
}
