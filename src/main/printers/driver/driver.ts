import type { z } from 'zod'
import type { GantryError } from '../../contract/error.ts'
import type {
  Attributes,
  Capabilities,
  DeviceInfo,
  Fan,
  Fault,
  Feed,
  Heater,
  Job,
  MachineState,
  Position,
  Prompt,
  QueueEntry,
} from '../../contract/printer.ts'
import type { PrinterCommand } from '../../contract/printer-command.ts'
import type { ChildProcess } from '../../lib/child-process.ts'
import type { Clock } from '../../lib/clock.ts'
import type { Dispose } from '../../lib/dispose.ts'
import type { Logger } from '../../lib/log.ts'
import type { Likeness, Sighting } from '../identity/sighting.ts'
import type { SerialPorts } from '../serial/serial-ports.ts'
import type { FileKind } from '../wire/file-kind.ts'
import type { HttpClient } from '../wire/http-client.ts'
import type { HandedOver, PrintFile } from '../wire/print-file.ts'

/**
 * The contract of a printer driver. Read this first when you write one.
 *
 * A driver translates and never decides: no retry policy, no queue, no persistence, no state of its own beyond
 * what the wire needs. It opens a session; the session tells facts in our units as events and performs commands.
 * When the line is lost the session ends itself with one `ended` event that carries the reason; the supervisor
 * (`connection.ts`) does the rest. Requests and live feed belong to the same session. What is asked of a driver
 * beyond this file is what the conformance kit (`test/main/printers/driver-kit.ts`) checks.
 */
export interface PrinterDriver {
  /** `octoprint`, `marlin`: stored with every printer, so it never changes. */
  readonly id: string
  /** The family's name for people: `OctoPrint`. */
  readonly name: string
  /** The form by which a printer of this family is added, in order. The words are the printer's own. */
  readonly form: readonly FormField[]
  /** Every field of its config: those of the form, and what Gantry fills in itself. Nothing else is ever kept. */
  readonly fields: readonly string[]
  /** The most this family may do; a session narrows it to what its printer really has. */
  readonly can: Capabilities
  /** Which print files printers of this family take; a session may know its own better. */
  readonly accepts: readonly FileKind[]
  /** Does this look like one of ours? Pure and instant: it opens nothing and sends nothing. */
  recognise(sighting: Sighting): Likeness | undefined
  /**
   * Asks the thing at an address whether it is one of ours; undefined when it is something else. Throws
   * `printer.offline` or `wire.timeout` when nobody answers, `printer.credentials` only when it surely is one of
   * ours. Absent where asking could do harm (an unknown serial port is opened by `open` only).
   */
  probe?(address: string, ctx: DriverContext): Promise<Likeness | undefined>
  /**
   * Asks the printer to let Gantry in, where the printer has such a way (OctoPrint's application keys): the owner
   * says yes on the printer's own screen. Resolves to the config fields that came of it.
   */
  askForAccess?(config: unknown, ctx: DriverContext): Promise<Readonly<Record<string, string>>>
  /**
   * What the printer says it is, where that is worth keeping: `serial:<own>`, which no other printer says, or
   * `model:<name>`. A host that several printers share is neither.
   */
  told?(device: DeviceInfo): string | undefined
  /** How long `open` may take where half a minute is not enough: the supervisor gives up after that. */
  readonly openLimitMs?: number
  /** Checks a config and fills in its defaults; throws `request.invalid` with a sentence naming the field. */
  parseConfig(config: unknown): Readonly<Record<string, unknown>>
  /**
   * Connects, and resolves when the printer has answered and is surely one of ours. Rejects with
   * `printer.offline`, `printer.credentials`, `wire.timeout`, `wire.malformed` (something else lives there), or
   * `cancelled` when `ctx.signal` fired first. After a rejection nothing is left open.
   */
  open(config: unknown, ctx: DriverContext): Promise<PrinterSession>
}

/** One field of the "add printer" form. */
export interface FormField {
  readonly key: string
  /** As the printer's own screen calls it: `Application key`, `Password`. */
  readonly label: string
  readonly kind: 'text' | 'url' | 'secret' | 'number' | 'choice' | 'port'
  readonly required: boolean
  /** Where the person finds it, in one sentence. */
  readonly help?: string
  readonly choices?: readonly string[]
}

/** What a driver writes; `defineDriver` makes the driver of it. */
export interface DriverSpec<Schema extends z.ZodType<Readonly<Record<string, unknown>>>>
  extends Omit<PrinterDriver, 'fields' | 'accepts' | 'parseConfig' | 'open' | 'askForAccess'> {
  readonly config: Schema
  /** Where it is not said: G-code as text. */
  readonly accepts?: readonly FileKind[]
  /** Fields of the config that no form asks for. */
  readonly filledIn?: readonly string[]
  open(config: z.output<Schema>, ctx: DriverContext): Promise<PrinterSession>
  askForAccess?(config: z.output<Schema>, ctx: DriverContext): Promise<Readonly<Record<string, string>>>
}

/** All a driver gets, all it needs. */
export interface DriverContext {
  /** Already carries printer and driver. Never a secret, not even at trace. */
  readonly log: Logger
  readonly clock: Clock
  /** 0 <= n < 1 */
  readonly random: () => number
  readonly serial: SerialPorts
  /** Starts one of Gantry's own programs in a process of its own; absent where one process must do, as in tests. */
  readonly startProgram?: (program: string) => ChildProcess
  /** Requests with limits: see `http-client.ts`. Never follows a redirect. */
  readonly http: HttpClient
  /** A person asked for this very opening, and was told what it may do. */
  readonly byHand?: boolean
  /** Fires when the session must end: `open` rejects with `cancelled`, an open session closes. */
  readonly signal: AbortSignal
}

export type { PrinterCommand }

export interface PrinterSession {
  /** What this printer can do, as far as known; a `capabilities` event follows when more becomes known. */
  readonly can: Capabilities
  /** Where this printer takes other files than all of its family. */
  readonly accepts?: readonly FileKind[]
  /**
   * Facts, in the order they happened. A listener that comes late first gets the state so far, at once and in
   * order, so that nobody misses what the printer said while `open` was on its way.
   */
  on(listener: (event: SessionEvent) => void): Dispose
  /**
   * Resolves when the printer *accepted*; what came of it is told by events. Rejects with `printer.unsupported`
   * (asked of `can` first, nothing is sent), `printer.busy` (the wire is taken), `printer.refused`,
   * `printer.credentials`, `wire.timeout`, `wire.closed`, `cancelled`. Never sent twice. Whether the
   * moment is right was asked before (`contract/may-now.ts`): a session does not ask again.
   * `emergency-stop` skips whatever queue the session has.
   */
  perform(command: PrinterCommand, signal?: AbortSignal): Promise<void>
  /** Present where `can.upload`: puts a file on the printer, and starts nothing. `progress` counts bytes that left. */
  put?(file: PrintFile, progress: (sentBytes: number) => void, signal: AbortSignal): Promise<RemoteFile>
  /** Prints a file, wherever it lies. Resolves when the printer accepted; which run it became is told by `job`. */
  begin(what: Printable, signal?: AbortSignal): Promise<HandedOver>
  /** Present where the printer fetches from contents servers itself (3DP-1): hands it what it needs for one file. */
  takeToken?(token: SecureToken, signal: AbortSignal): Promise<void>
  /** Present where `can.files`. */
  listFiles?(signal: AbortSignal): Promise<readonly RemoteFile[]>
  /** Someone looks at this printer now: a driver that must ask may ask more often. */
  focus?(focused: boolean): void
  /** Idempotent. After it resolves no event is emitted and nothing is left open. */
  close(): Promise<void>
}

/** gotapi 11.4, with the address of the server it is for. `accessToken` is derived, good for nothing else. */
export interface SecureToken {
  readonly url: string
  readonly serviceId: string
  readonly accessToken: string
  readonly secureToken: string
  readonly nonce: string
}

/** What is printed: a file on the printer, where `can.files`, or one of this machine's that is fed, where `can.stream`. */
export type Printable =
  | { readonly from: 'printer'; readonly path: string }
  | { readonly from: 'here'; readonly file: PrintFile }

/** A file on the printer. `path` is what `begin` and `delete-file` take. */
export interface RemoteFile {
  readonly path: string
  readonly name: string
  readonly sizeBytes?: number
  readonly modifiedAt?: number
}

/** There is none, or it names its run: the host's own id where it has one, else what tells this one from the next. */
export type ToldJob =
  | (Job & { readonly state: 'none' })
  | (Job & { readonly state: Exclude<Job['state'], 'none'>; readonly run: string })

/** A fact. What an event does not name has not changed. */
export type SessionEvent =
  | { readonly kind: 'device'; readonly device: DeviceInfo; readonly attributes: Attributes }
  | { readonly kind: 'capabilities'; readonly can: Capabilities }
  /** `text` is the printer's own word; an unknown word is `busy` with the text kept. */
  | { readonly kind: 'machine'; readonly state: MachineState; readonly text?: string }
  /** The whole job. `done` only by the protocol's own end marker. */
  | { readonly kind: 'job'; readonly job: ToldJob }
  /** Merged by id. */
  | { readonly kind: 'heaters'; readonly heaters: readonly Heater[] }
  /** Of several tools, the one that prints: `active` is the number in the id of its heater. */
  | { readonly kind: 'tool'; readonly active: number }
  | { readonly kind: 'position'; readonly position: Position }
  | { readonly kind: 'fans'; readonly fans: readonly Fan[] }
  /** One more fault; the same class again replaces the earlier one. */
  | { readonly kind: 'fault'; readonly fault: Fault }
  /** Absent class: all of them. */
  | { readonly kind: 'fault-cleared'; readonly class?: Fault['class'] }
  | { readonly kind: 'prompt'; readonly prompt: Prompt | undefined }
  | { readonly kind: 'queue'; readonly queue: readonly QueueEntry[] }
  /** HD-HLF-05: the printer's own clock said `deviceAt` when ours said `at`. */
  | { readonly kind: 'clock'; readonly deviceAt: number; readonly at: number; readonly source: string }
  /** How the print goes that this machine feeds. */
  | { readonly kind: 'feed'; readonly feed: Feed }
  /** One line of the terminal. */
  | { readonly kind: 'line'; readonly way: 'sent' | 'heard'; readonly text: string }
  | { readonly kind: 'files-changed' }
  /** Fields of the config that the driver filled in itself, to be kept for the next opening. */
  | { readonly kind: 'learnt'; readonly config: Readonly<Record<string, string | number>> }
  /** Nothing more is known for sure (deltas after a gap): the state so far is stale until told anew. */
  | { readonly kind: 'ended'; readonly reason: GantryError }
