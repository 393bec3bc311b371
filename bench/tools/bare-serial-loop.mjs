import { readFileSync } from 'node:fs'
import { createConnection } from 'node:net'

/**
 * The least that can feed a printer: lines made beforehand, the next one written when an ok came. No resends, no
 * time-outs, no progress. `bare-serial-loop.mjs PORT FILE`; prints how many milliseconds the file took.
 */
const [, , path = '', file = ''] = process.argv
const lines = readFileSync(file, 'latin1')
  .split('\n')
  .filter(line => line !== '')
  .map((line, at) => {
    const body = `N${at + 1} ${line}`
    let sum = 0
    for (let letter = 0; letter < body.length; letter += 1) sum ^= body.charCodeAt(letter)
    return Buffer.from(`${body}*${sum}\n`)
  })

const port = await open()
let next = 0
const startedAt = performance.now()
const writeNext = () => {
  const line = lines[next]
  if (line === undefined) {
    process.stdout.write(`${performance.now() - startedAt}\n`)
    process.exit(0)
  }
  next += 1
  port.write(line)
}
port.on('data', (/** @type {Buffer} */ bytes) => {
  for (const byte of bytes) if (byte === 0x0a) writeNext()
})
writeNext()

async function open() {
  const tcp = /^tcp:\/\/([\d.]+):(\d+)$/.exec(path)
  if (tcp) return createConnection({ host: tcp[1], port: Number(tcp[2]), noDelay: true })
  const { SerialPort } = await import('serialport')
  const serial = new SerialPort({ path, baudRate: 115200, autoOpen: false, hupcl: false })
  await new Promise((resolve, reject) => {
    serial.open(error => (error ? reject(error) : resolve(undefined)))
  })
  return serial
}
