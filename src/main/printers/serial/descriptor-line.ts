import { readSync, writeSync } from 'node:fs'
import type { GantryError } from '../../contract/error.ts'
import { createClosing } from './closing.ts'
import type { SerialLine } from './serial-ports.ts'

const READ_BYTES = 16 * 1024
/** Of serialport's poller. */
const READABLE = 1

/** A port of serialport's own binding, where that is a descriptor of the system's. */
export interface DescriptorPort {
  readonly fd: number | null
  readonly poller: {
    on(event: 'readable', listener: (error: Error | null) => void): unknown
    poll(events: number): void
  }
  write(bytes: Buffer): Promise<void>
  set(signals: { readonly dtr?: boolean; readonly rts?: boolean }): Promise<void>
  close(): Promise<void>
}

/**
 * Reads and writes the descriptor itself, in the turn in which the kernel says that there is something. The stream of
 * serialport goes through the thread pool three times for a line and its `ok`, and waits there behind whatever reads
 * a disk: docs/decisions/0087.
 */
export function lineOverDescriptor(
  port: DescriptorPort,
  unplugged: (cause?: unknown) => GantryError,
): SerialLine {
  const closing = createClosing()
  const listeners = new Set<(bytes: Uint8Array) => void>()
  const buffer = Buffer.allocUnsafeSlow(READ_BYTES)
  /** What the system had no room for, while it is being written; whatever comes meanwhile lines up behind it. */
  let rest: Buffer[] | undefined
  let open = true
  let reading = false

  const release = async () => {
    open = false
    await port.close().catch(() => undefined)
  }
  const gone = (cause?: unknown) => {
    if (!open) return
    void release()
    closing.end(unplugged(cause))
  }
  const read = () => {
    if (!open || port.fd === null) return
    let count = 0
    try {
      count = readSync(port.fd, buffer, 0, READ_BYTES, null)
      if (count === 0) return gone()
    } catch (thrown) {
      if (!isAgain(thrown)) return gone(thrown)
    }
    if (count > 0) {
      // A copy only for who keeps it: every listener reads it before it returns.
      const bytes = buffer.subarray(0, count)
      for (const listener of listeners) listener(bytes)
    }
    if (open) port.poller.poll(READABLE)
  }
  const drain = async (first: Buffer) => {
    rest = [first]
    try {
      for (let next = rest.shift(); next !== undefined && open; next = rest.shift()) await port.write(next)
    } catch (thrown) {
      gone(thrown)
    }
    rest = undefined
  }
  port.poller.on('readable', error => (error ? gone(error) : read()))

  return {
    write(bytes) {
      if (!open || port.fd === null) return
      if (rest) {
        rest.push(Buffer.from(bytes))
        return
      }
      let written = 0
      try {
        written = writeSync(port.fd, bytes)
      } catch (thrown) {
        if (!isAgain(thrown)) return gone(thrown)
      }
      if (written < bytes.length) void drain(Buffer.from(bytes.subarray(written)))
    },
    onData(listener) {
      listeners.add(listener)
      // Nothing is taken from the system before somebody listens.
      if (!reading && open) {
        reading = true
        port.poller.poll(READABLE)
      }
      return () => {
        listeners.delete(listener)
      }
    },
    onClose: closing.onClose,
    // A pty and some bridges have no such wires; what cannot be set is no reason to give the port up.
    setSignals: signals => port.set(signals).catch(() => undefined),
    async close() {
      closing.end(undefined)
      if (open) await release()
    },
  }
}

function isAgain(thrown: unknown): boolean {
  const code = thrown instanceof Error && 'code' in thrown ? thrown.code : undefined
  return code === 'EAGAIN' || code === 'EWOULDBLOCK' || code === 'EINTR'
}
