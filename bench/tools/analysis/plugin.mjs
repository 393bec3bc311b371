import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * What an analysis of a large file costs the machine that feeds a print: `large.gcode` beside this file is read, hashed
 * and parsed over and over. How far it came stands in `megabytes`.
 */
const folder = import.meta.dirname
const chunkBytes = 1 << 20

/**
 * @typedef {{ requestCode?: number, action: string }} Message
 * @param {{ on(name: 'message', hear: (message: Message) => void): void, send(message: object): void }} port
 */
export function start(port) {
  port.on('message', ({ requestCode, action }) => {
    if (requestCode === undefined) return
    const answer = action === 'GET' ? { result: 0, services: [] } : { result: 1, errorCode: 3 }
    port.send({ action: 'RESPONSE', requestCode, ...answer })
  })
  void analyse()
}

async function analyse() {
  for (let megabytes = 0; ; ) {
    const hash = createHash('sha256')
    const bounds = { x: 0, y: 0, e: 0 }
    for await (const chunk of createReadStream(join(folder, 'large.gcode'), { highWaterMark: chunkBytes })) {
      hash.update(chunk)
      for (const line of chunk.toString('latin1').split('\n')) {
        const move = /^G1 X([\d.]+) Y([\d.]+) E([\d.]+)/.exec(line)
        if (!move) continue
        bounds.x = Math.max(bounds.x, Number(move[1]))
        bounds.y = Math.max(bounds.y, Number(move[2]))
        bounds.e = Math.max(bounds.e, Number(move[3]))
      }
      megabytes += chunk.length / 1e6
    }
    hash.digest()
    await writeFile(join(folder, 'megabytes'), String(Math.round(megabytes)))
  }
}
