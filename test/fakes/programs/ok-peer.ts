import { createServer } from 'node:net'

/**
 * A firmware reduced to its manners, behind a serial bridge: says start, takes a numbered line, says ok. Prints its
 * port, then on every line of input what it has heard since the last: how many lines, the last of them, the longest
 * gap between two lines of motion.
 */
let lines = 0
let last = ''
let longestGapMs = 0
let movedAtMs = 0

const server = createServer(socket => {
  socket.setNoDelay(true)
  socket.on('error', () => undefined)
  socket.write('start\n')
  let rest = ''
  socket.on('data', bytes => {
    const parts = (rest + bytes.toString('latin1')).split('\n')
    rest = parts.pop() ?? ''
    for (const line of parts) hear(line)
    socket.write('ok\n'.repeat(parts.filter(line => line !== '').length))
  })
})

function hear(line: string): void {
  if (line === '') return
  lines += 1
  last = line
  if (!line.includes(' G1 ')) return
  const nowMs = performance.now()
  if (movedAtMs > 0) longestGapMs = Math.max(longestGapMs, nowMs - movedAtMs)
  movedAtMs = nowMs
}

server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  process.stdout.write(`${typeof address === 'object' && address !== null ? address.port : 0}\n`)
})

process.stdin.on('data', () => {
  process.stdout.write(`${JSON.stringify({ lines, last, longestGapMs })}\n`)
  lines = 0
  longestGapMs = 0
  movedAtMs = 0
})
process.stdin.on('end', () => process.exit(0))
