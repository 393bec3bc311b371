import { once } from 'node:events'
import { createServer } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import {
  describeTakenPort,
  findPortHolder,
  parseLsof,
  parseNetstat,
  parseProcNet,
} from '../../../src/main/engine/port-holder.ts'

async function listen(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.close()
  })
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}

describe('who holds a port', () => {
  it.runIf(process.platform === 'linux')(
    'is told by name, with a warning that it may pose as Gantry',
    async () => {
      const port = await listen()
      const error = await describeTakenPort(port)
      expect(error).toMatchObject({ code: 'port.taken', details: { port, holder: { pid: process.pid } } })
      expect(error.message).toMatch(/^Port \d+ is held by .+ \(process \d+\)\. .*may even pose as Gantry/)
      expect(error.message).toContain('never moves to another')
    },
  )

  it('is nobody when nobody listens', async () => {
    expect(await findPortHolder(1)).toBeUndefined()
  })

  it('is left out of the sentence when the system does not tell', async () => {
    expect((await describeTakenPort(1)).message).toMatch(/^Port 1 is held by another program\./)
  })

  it('is read from the tables of Linux, listening sockets alone', () => {
    const table = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:0FC3 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 45678 1 0000 100 0 0 10 0
   1: 0100007F:0FC3 0100007F:D431 01 00000000:00000000 00:00000000 00000000  1000        0 45679 1 0000 100 0 0 10 0`
    expect(parseProcNet(table, 4_035)).toEqual(['45678'])
    expect(parseProcNet(table, 80)).toEqual([])
    expect(parseProcNet('rubbish\n', 80)).toEqual([])
  })

  it('is read from lsof', () => {
    expect(parseLsof('p512\ncpython3.11\nf3\n')).toEqual({ pid: 512, program: 'python3.11' })
    expect(parseLsof('')).toBeUndefined()
  })

  it('is read from netstat in any language, without mistaking a connection for a listener', () => {
    const output = `\r
Aktive Verbindungen\r
  TCP    127.0.0.1:54321        127.0.0.1:4035         HERGESTELLT     99\r
  TCP    127.0.0.1:4035         127.0.0.1:54321        HERGESTELLT     77\r
  TCP    0.0.0.0:14035          0.0.0.0:0              ABHÖREN         55\r
  TCP    127.0.0.1:4035         0.0.0.0:0              ABHÖREN         1234\r
`
    expect(parseNetstat(output, 4_035)).toEqual({ pid: 1_234, program: undefined })
    expect(parseNetstat(output, 80)).toBeUndefined()
  })
})
