import { readFileSync, readSync, writeSync } from 'node:fs'
import { createConnection } from 'node:net'
import { createInterface } from 'node:readline'

/**
 * The least that can feed a printer: numbered lines with their checksums, made beforehand; one in flight, the next one
 * written when its ok came. No resends, no time-outs, no progress, no file that is read meanwhile.
 * `bare-serial-loop.mjs PORT FILE stream|descriptor`: for every line on its input it writes the file once and prints how many
 * milliseconds that took. `stream` is serialport as it comes, `descriptor` its binding with the descriptor read and written
 * directly.
 */
const [, , path = '', file = '', way = 'stream'] = process.argv
const lines = readFileSync(file, 'latin1')
  .split('\n')
  .filter(line => line !== '')
  .map((line, at) => {
    const body = `N${at + 1} ${line}`
    let sum = 0
    for (let letter = 0; letter < body.length; letter += 1) sum ^= body.charCodeAt(letter)
    return Buffer.from(`${body}*${sum}\n`)
  })

let next = lines.length
let startedAt = 0
/** @type {(line: Buffer) => void} */
let write = () => undefined
const writeNext = () => {
  const line = lines[next]
  if (line === undefined) {
    process.stdout.write(`${performance.now() - startedAt}\n`)
    return
  }
  next += 1
  write(line)
}
/** @param {Uint8Array} bytes */
const hear = bytes => {
  for (const byte of bytes) if (byte === 0x0a) writeNext()
}
write = await open()
process.stdout.write('ready\n')
for await (const _ of createInterface(process.stdin)) {
  next = 0
  startedAt = performance.now()
  writeNext()
}
process.exit(0)

/** @returns {Promise<(line: Buffer) => void>} */
async function open() {
  const tcp = /^tcp:\/\/([\d.]+):(\d+)$/.exec(path)
  if (tcp) {
    const socket = createConnection({ host: String(tcp[1]), port: Number(tcp[2]), noDelay: true })
    socket.on('data', hear)
    return line => socket.write(line)
  }
  const { SerialPort } = await import('serialport')
  const wanted = { path, baudRate: 115200, hupcl: false }
  return way === 'descriptor' ? openDescriptor(SerialPort.binding, wanted) : openStream(SerialPort, wanted)
}

/**
 * @param {typeof import('serialport').SerialPort} SerialPort
 * @param {{ path: string, baudRate: number, hupcl: boolean }} wanted
 */
async function openStream(SerialPort, wanted) {
  const port = new SerialPort({ ...wanted, autoOpen: false })
  await new Promise((resolve, reject) => {
    port.open(error => (error ? reject(error) : resolve(undefined)))
  })
  port.on('data', hear)
  /** @param {Buffer} line */
  return line => port.write(line)
}

/**
 * @param {typeof import('serialport').SerialPort.binding} binding
 * @param {{ path: string, baudRate: number, hupcl: boolean }} wanted
 */
async function openDescriptor(binding, wanted) {
  const port = await binding.open(wanted)
  if (!('poller' in port)) throw new Error('this system has no descriptors for ports')
  const fd = Number(port.fd)
  const buffer = Buffer.allocUnsafeSlow(4_096)
  port.poller.on('readable', () => {
    hear(buffer.subarray(0, readSync(fd, buffer, 0, buffer.length, null)))
    port.poller.poll(1)
  })
  port.poller.poll(1)
  /** @param {Buffer} line */
  return line => {
    writeSync(fd, line)
  }
}
