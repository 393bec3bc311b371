import { createServer, type Server, type Socket } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { isGantryError } from '../../../../src/main/contract/error.ts'
import { openTcpLine, tcpAddressOf } from '../../../../src/main/printers/serial/tcp-line.ts'

let server: Server | undefined
const sockets: Socket[] = []

async function listen(): Promise<number> {
  const fresh = createServer(socket => {
    socket.on('error', () => undefined)
    sockets.push(socket)
    socket.on('data', bytes => socket.write(`heard ${bytes.toString()}`))
  })
  server = fresh
  await new Promise<void>(resolve => fresh.listen(0, '127.0.0.1', resolve))
  const address = fresh.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}

afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy()
  server?.close()
  server = undefined
})

const live = () => new AbortController().signal
const codeOf = (thrown: unknown) => (isGantryError(thrown) ? thrown.code : thrown)

describe('a serial bridge in the network', () => {
  it.each([
    ['tcp://192.168.1.20:3333', { host: '192.168.1.20', port: 3333 }],
    ['tcp://bridge.local:23/', { host: 'bridge.local', port: 23 }],
    ['tcp://[::1]:23', { host: '::1', port: 23 }],
    ['tcp://bridge', undefined],
    ['tcp://bridge:0', undefined],
    ['tcp://bridge:99999', undefined],
    ['tcp://u:p@bridge:23', undefined],
    ['http://bridge:23', undefined],
  ])('has the address %s', (path, address) => {
    expect(tcpAddressOf(path)).toEqual(address)
  })

  it('carries bytes both ways and is closed by us without a reason', async () => {
    const line = await openTcpLine(`tcp://127.0.0.1:${await listen()}`, live())
    const heard = new Promise<string>(resolve => line.onData(bytes => resolve(Buffer.from(bytes).toString())))
    line.write(Buffer.from('M105\n'))
    expect(await heard).toBe('heard M105\n')
    const reasons: unknown[] = []
    line.onClose(reason => reasons.push(reason))
    await line.close()
    await line.close()
    expect(reasons).toEqual([undefined])
  })

  it('says that it broke when the other end goes away', async () => {
    const line = await openTcpLine(`tcp://127.0.0.1:${await listen()}`, live())
    const reason = new Promise(resolve => line.onClose(resolve))
    line.write(Buffer.from('M105\n'))
    await new Promise<void>(resolve => {
      const off = line.onData(() => {
        off()
        resolve()
      })
    })
    for (const socket of sockets) socket.destroy()
    expect(codeOf(await reason)).toBe('wire.closed')
    expect(await new Promise(resolve => line.onClose(late => resolve(codeOf(late))))).toBe('wire.closed')
    expect(() => line.write(Buffer.from('M105\n'))).not.toThrow()
  })

  it('is offline where nobody listens, and nothing where the address is none', async () => {
    const port = await listen()
    await new Promise(resolve => server?.close(resolve))
    expect(
      codeOf(await openTcpLine(`tcp://127.0.0.1:${port}`, live()).catch((thrown: unknown) => thrown)),
    ).toBe('printer.offline')
    expect(codeOf(await openTcpLine('tcp://nowhere', live()).catch((thrown: unknown) => thrown))).toBe(
      'request.invalid',
    )
  })

  it('is left alone when somebody stops waiting', async () => {
    const stop = new AbortController()
    const opening = openTcpLine(`tcp://127.0.0.1:${await listen()}`, stop.signal).catch(
      (thrown: unknown) => thrown,
    )
    stop.abort()
    expect(codeOf(await opening)).toBe('cancelled')
  })
})
