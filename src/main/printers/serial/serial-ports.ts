import type { GantryError } from '../../contract/error.ts'
import type { Dispose } from '../../lib/dispose.ts'

/** The machine's serial ports, as an interface so that tests and simulated printers can be on the other end. */
export interface SerialPorts {
  list(): Promise<readonly SerialPortInfo[]>
  /**
   * 8N1, exclusive, no flow control. Rejects with `printer.offline` (no such port, unplugged) or `printer.busy`
   * (held by another program, or this user may not open it); `details.path` names the port.
   */
  open(options: SerialOptions, signal: AbortSignal): Promise<SerialLine>
}

export interface SerialPortInfo {
  readonly path: string
  /** Lower-case hex without prefix. */
  readonly vendorId?: string
  readonly productId?: string
  readonly serialNumber?: string
  readonly manufacturer?: string
  /** Where it is plugged in: what tells two boards without serial number apart. */
  readonly locationId?: string
}

export interface SerialOptions {
  readonly path: string
  readonly baudRate: number
  /** Asserted right after opening where given; boards with native USB stay silent until they are. */
  readonly dtr?: boolean
  readonly rts?: boolean
}

export interface SerialLine {
  /**
   * In order. A line that cannot be written to closes, and its closing says why. Whoever writes waits for the answer
   * of the other end before more: that is the back-pressure.
   */
  write(bytes: Uint8Array): void
  /** The bytes are the listener's until it returns. */
  onData(listener: (bytes: Uint8Array) => void): Dispose
  /** Once. The reason is absent when we closed it ourselves. */
  onClose(listener: (reason: GantryError | undefined) => void): Dispose
  setSignals(signals: { readonly dtr?: boolean; readonly rts?: boolean }): Promise<void>
  /** Idempotent. */
  close(): Promise<void>
}
