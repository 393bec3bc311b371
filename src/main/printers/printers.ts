import type { NoticeBoard } from '../contract/notice.ts'
import type { Bed, FaultClass } from '../contract/printer.ts'
import type { Clock } from '../lib/clock.ts'
import type { Dispose } from '../lib/dispose.ts'
import type { LoggerFor } from '../lib/log.ts'
import type { SecretBox } from '../lib/secret-box.ts'
import type { Store } from '../store/index.ts'
import type {
  DriverContext,
  PrinterCommand,
  PrinterDriver,
  RemoteFile,
  SecureToken,
} from './driver/driver.ts'
import type { PrinterHistory } from './history.ts'
import type { TerminalLine } from './printer.ts'
import type { PrinterConfig } from './printer-store.ts'
import type { PrinterView } from './printer-view.ts'
import type { SerialPorts } from './serial/serial-ports.ts'
import type { FleetFault } from './sim/fleet.ts'
import type { StopReport } from './stop-all.ts'
import type { HandedOver, PrintFile } from './wire/print-file.ts'

export interface PrintersEvents {
  changed: string
  removed: string
  line: TerminalLine & { readonly printerId: string }
}

export interface NewPrinter {
  readonly driver: string
  readonly name: string
  readonly config: PrinterConfig
  readonly identity?: string | undefined
}

/** The verbs. Those that reach a printer resolve when it accepted and reject with the codes of `driver.ts`. */
export interface Printers {
  readonly name: string
  start(): Promise<void>
  /** Closes every line for good. What is fed from this machine is cancelled, cooled and parked first. */
  drain(): Promise<void>
  stop(): Promise<void>
  /** A print fed from this machine ends with it. */
  quitVeto():
    | { readonly room: string; readonly reason: string; readonly printers: readonly string[] }
    | undefined
  list(): PrinterView[]
  get(id: string): PrinterView
  add(printer: NewPrinter): Promise<string>
  simulate(make: string, name?: string): Promise<string>
  breakSimulated(id: string, fault: FleetFault): Promise<void>
  /** `identity` belongs to the port it is at from now on. */
  configure(id: string, config: PrinterConfig, identity?: string): void
  rename(id: string, name: string): void
  remove(id: string): Promise<void>
  /** Seen at another address: follows it, and says so; comes back when another printer answers there. */
  moved(id: string, config: PrinterConfig): void
  /** What stays the same when its address changes became known. */
  identify(id: string, identity: string): void
  /** Both were unplugged at one time, and nothing but their sockets tells them apart. */
  maybeSwapped(id: string, otherId: string): void
  /** The person says: these two changed places. */
  exchange(id: string): void
  /** The person says: what answers there is this printer. */
  recognise(id: string): void
  perform(id: string, command: PrinterCommand, signal?: AbortSignal): Promise<void>
  /** Prints a file that lies on the printer. */
  begin(id: string, path: string, signal?: AbortSignal): Promise<void>
  /** Ahead of every queue and lock; all at once. Every printer is in one of the three lists. */
  stopAll(): Promise<StopReport>
  clearBed(id: string, saidBy: Bed['saidBy'], version?: number): void
  /** Somebody has looked after this fault. */
  releaseHold(id: string, about: FaultClass): void
  /** Throws why this printer would print no file now, whichever it is. */
  refuseToPrint(id: string): void
  /** The sentence goes, and nothing else: the printer hears nothing of it. */
  dismissFault(id: string, about?: FaultClass): void
  send(id: string, file: PrintFile, print: boolean, signal: AbortSignal): Promise<HandedOver>
  handToken(id: string, token: SecureToken): Promise<void>
  listFiles(id: string, signal: AbortSignal): Promise<readonly RemoteFile[]>
  reconnect(id: string): void
  /** The next try for a line that is down is made now, and counts like any other. */
  tryNow(id: string): void
  /** Somebody looks closely at this printer, until disposed of. */
  focus(id: string): Dispose
  readonly history: Pick<PrinterHistory, 'temperatures' | 'states'>
  on<Name extends keyof PrintersEvents>(name: Name, listener: (event: PrintersEvents[Name]) => void): Dispose
}

export interface PrintersDeps {
  readonly clock: Clock
  readonly logger: LoggerFor
  readonly store: Store
  readonly secrets: SecretBox
  readonly drivers: readonly PrinterDriver[]
  readonly serial: SerialPorts
  /** Where the person is told what happened while nobody looked. */
  readonly notices?: NoticeBoard
  readonly startProgram?: DriverContext['startProgram']
  readonly random: () => number
  readonly uuid: () => string
}
