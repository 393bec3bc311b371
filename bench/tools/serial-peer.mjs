import { createServer } from 'node:net'

/** The manners of a firmware behind TCP: an ok for every line. Prints its address. */
const server = createServer({ noDelay: true }, socket => {
  socket.on('error', () => undefined)
  socket.on('data', bytes => {
    let lines = 0
    for (const byte of bytes) if (byte === 0x0a) lines += 1
    if (lines > 0) socket.write('ok\n'.repeat(lines))
  })
})
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  process.stdout.write(`tcp://127.0.0.1:${port}\n`)
})
