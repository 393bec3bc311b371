import type { SerialPort } from 'serialport'
import { GantryError, toGantryError } from '../../contract/error.ts'
import { createClosing } from './closing.ts'
import { type DescriptorPort, lineOverDescriptor } from './descriptor-line.ts'
import type { SerialLine, SerialOptions } from './serial-ports.ts'

/** Opens a real port. The native part is loaded only now: most processes of Gantry never need it. */
export async function openNativeLine(options: SerialOptions, signal: AbortSignal): Promise<SerialLine> {
  const { SerialPort } = await import('serialport')
  // `hupcl: false`: closing must not drop DTR, which resets many boards in the middle of a print from card.
  const wanted = { path: options.path, baudRate: options.baudRate, lock: true, hupcl: false }
  const unplugged = (cause?: unknown) => goneError(options.path, cause)
  const line =
    process.platform === 'linux'
      ? lineOverDescriptor(await openBinding(SerialPort.binding, wanted), unplugged)
      : lineOverStream(await openStream(new SerialPort({ ...wanted, autoOpen: false })), unplugged)
  if (signal.aborted) {
    await line.close()
    throw new GantryError('cancelled', 'Opening the port was cancelled.', { path: options.path })
  }
  if (options.dtr !== undefined || options.rts !== undefined) await line.setSignals(options)
  return line
}

async function openBinding(
  binding: typeof SerialPort.binding,
  wanted: { readonly path: string; readonly baudRate: number },
): Promise<DescriptorPort> {
  const port = await binding.open(wanted).catch((thrown: unknown) => {
    throw openingError(toGantryError(thrown), wanted.path)
  })
  if ('poller' in port) return port
  throw new GantryError('internal.bug', 'serialport opened this port in a way Gantry does not know.')
}

function openStream(port: SerialPort): Promise<SerialPort> {
  return new Promise((resolve, reject) => {
    port.open(error => (error ? reject(openingError(error, port.path)) : resolve(port)))
  })
}

/** serialport tells the system's reason in words only, and each system has its own. */
export function openingError(error: Error, path: string): GantryError {
  if (/permission denied|access denied|EACCES|EPERM/i.test(error.message)) {
    return new GantryError(
      'printer.busy',
      `Gantry may not open ${path}: another program holds it (a slicer, ModemManager, brltty), or your user lacks the right. On Linux, join the group dialout (or uucp) and sign in again.`,
      { path, reason: 'permission' },
      error,
    )
  }
  if (/busy|lock port|resource temporarily|EBUSY/i.test(error.message)) {
    return new GantryError(
      'printer.busy',
      `Another program uses ${path}: a slicer, a second Gantry, ModemManager or brltty. Close it, then try again.`,
      { path, reason: 'busy' },
      error,
    )
  }
  return new GantryError(
    'printer.offline',
    `${path} cannot be opened. Is the printer plugged in and switched on?`,
    { path },
    error,
  )
}

function goneError(path: string, cause: unknown): GantryError {
  return new GantryError(
    'wire.closed',
    `${path} went away: the cable was pulled or the printer switched off.`,
    { path },
    cause,
  )
}

function lineOverStream(port: SerialPort, unplugged: (cause?: unknown) => GantryError): SerialLine {
  const closing = createClosing()
  port.on('error', error => closing.end(unplugged(error)))
  port.on('close', (error: Error | null) => closing.end(unplugged(error)))
  return {
    write(bytes) {
      port.write(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), undefined, error => {
        if (error) closing.end(unplugged(error))
      })
    },
    onData(listener) {
      port.on('data', listener)
      return () => port.off('data', listener)
    },
    onClose: closing.onClose,
    setSignals: signals =>
      new Promise(resolve => {
        // A pty and some bridges have no such wires; what cannot be set is no reason to give the port up.
        port.set({ ...signals }, () => resolve())
      }),
    async close() {
      closing.end(undefined)
      if (port.isOpen) await new Promise<void>(resolve => port.close(() => resolve()))
    },
  }
}
