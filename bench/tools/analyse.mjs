import { createHash } from 'node:crypto'
import { createReadStream, openSync, writeSync } from 'node:fs'

/**
 * What an analysis of a large file costs the machine: writes 500 MB of G-code, then reads, hashes and parses it over and over,
 * until it is ended. `analyse.mjs FILE`; prints a line when the file is written.
 */
const SIZE_BYTES = 500_000_000
const [, , path = ''] = process.argv

const lines = Array.from(
  { length: 40_000 },
  (_value, at) => `G1 X${(at % 2_200) / 10} Y${(at % 1_900) / 10} E${(at / 90).toFixed(5)} F1800\n`,
)
const block = Buffer.from(lines.join(''))
const file = openSync(path, 'w')
for (let written = 0; written < SIZE_BYTES; written += block.length) writeSync(file, block)
process.stdout.write('written\n')

for (;;) {
  const hash = createHash('sha256')
  const bounds = { x: 0, y: 0, e: 0 }
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) {
    hash.update(chunk)
    for (const line of chunk.toString('latin1').split('\n')) {
      const move = /^G1 X([\d.]+) Y([\d.]+) E([\d.]+)/.exec(line)
      if (!move) continue
      bounds.x = Math.max(bounds.x, Number(move[1]))
      bounds.y = Math.max(bounds.y, Number(move[2]))
      bounds.e = Math.max(bounds.e, Number(move[3]))
    }
  }
  hash.digest()
}
