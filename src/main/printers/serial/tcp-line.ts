import { createConnection, type Socket } from 'node:net'
import { GantryError } from '../../contract/error.ts'
import { wireError } from '../wire/wire-error.ts'
import { createClosing } from './closing.ts'
import type { SerialLine } from './serial-ports.ts'

const CONNECT_LIMIT_MS = 5_000

/** `tcp://192.168.1.20:3333`: a serial port behind ser2net or an ESP bridge in raw mode, without any negotiation. */
export function tcpAddressOf(path: string): { host: string; port: number } | undefined {
  const match = /^tcp:\/\/(\[[0-9a-f:]+\]|[\w.-]+):(\d{1,5})\/?$/i.exec(path)
  const port = Number(match?.[2])
  return match?.[1] === undefined || port < 1 || port > 65_535
    ? undefined
    : { host: match[1].replace(/^\[|\]$/g, ''), port }
}

export async function openTcpLine(path: string, signal: AbortSignal): Promise<SerialLine> {
  const address = tcpAddressOf(path)
  if (!address)
    throw new GantryError('request.invalid', `“${path}” is not of the form tcp://host:port.`, { path })
  const socket = createConnection({ ...address, noDelay: true, timeout: CONNECT_LIMIT_MS })
  await connected(socket, path, signal)
  socket.setTimeout(0)
  return lineOver(socket, path)
}

function connected(socket: Socket, path: string, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const giveUp = (error: GantryError) => {
      settle()
      socket.destroy()
      reject(error)
    }
    const onError = (error: Error) => giveUp(wireError(error, path))
    const onTimeout = () =>
      giveUp(
        new GantryError('printer.offline', `${path} does not answer. Is the serial bridge on?`, { path }),
      )
    const onAbort = () => giveUp(new GantryError('cancelled', 'Opening the line was cancelled.', { path }))
    const onConnect = () => {
      settle()
      resolve()
    }
    const settle = () => {
      socket.off('error', onError).off('timeout', onTimeout).off('connect', onConnect)
      signal.removeEventListener('abort', onAbort)
      // Whatever the socket still says after it was given up must not end the process.
      socket.on('error', () => undefined)
    }
    socket.once('error', onError).once('timeout', onTimeout).once('connect', onConnect)
    signal.addEventListener('abort', onAbort)
    if (signal.aborted) onAbort()
  })
}

function lineOver(socket: Socket, path: string): SerialLine {
  const closing = createClosing()
  socket.on('error', error => closing.end(wireError(error, path)))
  socket.on('close', () =>
    closing.end(
      new GantryError('wire.closed', `The serial bridge at ${path} broke off the connection.`, { path }),
    ),
  )
  return {
    write(bytes) {
      socket.write(bytes)
    },
    onData(listener) {
      socket.on('data', listener)
      return () => socket.off('data', listener)
    },
    onClose: closing.onClose,
    // A raw bridge carries no signals: its own board decides over DTR.
    setSignals: async () => undefined,
    async close() {
      closing.end(undefined)
      socket.destroy()
    },
  }
}
