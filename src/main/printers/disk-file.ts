import { createReadStream } from 'node:fs'
import type { PrintFile } from './driver.ts'

export function diskFile(path: string, name: string, sizeBytes: number): PrintFile {
  return { name, path, sizeBytes, open: () => createReadStream(path) }
}
