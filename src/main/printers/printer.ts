import { GantryError, toGantryError } from '../contract/error.ts'
import { demandNow, isBedToClear } from '../contract/may-now.ts'
import type { Bed, FaultClass, Snapshot } from '../contract/printer.ts'
import type { Clock } from '../lib/clock.ts'
import type { Dispose } from '../lib/dispose.ts'
import type { Logger } from '../lib/log.ts'
import { bedChanged, createBeginning } from './beginning.ts'
import { type Connection, createConnection } from './connection.ts'
import { createDoing } from './doing.ts'
import { admit, admitPrint, refuseControl } from './driver/admission.ts'
import type {
  DriverContext,
  Printable,
  PrinterCommand,
  PrinterDriver,
  PrinterSession,
  RemoteFile,
  SecureToken,
} from './driver/driver.ts'
import type { KeptFacts } from './facts-store.ts'
import { createKeptSnapshot } from './kept-snapshot.ts'
import { createListing } from './listing.ts'
import type { PrinterConfig, StoredPrinter } from './printer-store.ts'
import { demandKind } from './wire/file-kind.ts'
import { copied, type HandedOver, type PrintFile } from './wire/print-file.ts'

export interface Transfer {
  readonly name: string
  readonly sentBytes: number
  readonly sizeBytes: number
}

export interface TerminalLine {
  readonly at: number
  readonly way: 'sent' | 'heard'
  readonly text: string
}

/** A printer answers when it has found the file at the contents server, not when it has it (ER 7.2.6). */
const tokenMs = 15_000

/** One printer in the room, with its line and what is known of it. */
export interface LivePrinter {
  readonly driver: PrinterDriver
  readonly connection: Connection
  snapshot(): Snapshot
  bedToClear(): boolean
  transfer(): Transfer | undefined
  /** Why the last file did not get there, until the next one. */
  transferFailure(): GantryError | undefined
  perform(command: PrinterCommand, signal?: AbortSignal): Promise<void>
  /** Prints a file that lies on the printer. */
  begin(path: string, signal?: AbortSignal): Promise<void>
  /** `version`: of the bed that was looked at, where the caller knows it. */
  clearBed(saidBy: Bed['saidBy'], version?: number): void
  releaseHold(about: FaultClass): void
  /** Throws why it would print no file now, whichever it is. */
  refuseToPrint(): void
  dismissFault(about?: FaultClass): void
  send(file: PrintFile, print: boolean, signal: AbortSignal): Promise<HandedOver>
  listFiles(signal: AbortSignal): Promise<readonly RemoteFile[]>
  /** Whether it fetches from contents servers itself. */
  takesTokens(): boolean
  handToken(token: SecureToken): Promise<void>
  /** Somebody looks closely, until disposed of; the driver is told of the first who comes and the last who goes. */
  focus(): Dispose
}

export interface LivePrinterDeps {
  readonly stored: StoredPrinter
  readonly driver: PrinterDriver
  /** What an earlier life of Gantry kept of it. */
  readonly facts?: KeptFacts | undefined
  /** Throws where it could not be written. */
  readonly keepFacts: (facts: KeptFacts) => void
  readonly config: () => unknown
  readonly context: (signal: AbortSignal, log: Logger) => DriverContext
  readonly clock: Clock
  readonly random: () => number
  readonly log: Logger
  /** The driver found out something about the printer that it wants to know at the next opening. */
  readonly onLearnt: (config: PrinterConfig) => void
  readonly onChange: () => void
  readonly onLine: (line: TerminalLine) => void
}

export function createLivePrinter(deps: LivePrinterDeps): LivePrinter {
  const { clock, driver, stored, log } = deps
  let transfer: Transfer | undefined
  let transferFailure: GantryError | undefined
  let watchers = 0
  const listing = createListing(clock)

  const state = createKeptSnapshot({
    ...deps,
    can: driver.can,
    onChange(before, { job }) {
      if (job.run !== undefined && job.run !== before.job.run) beginning.told()
      deps.onChange()
    },
  })
  const beginning = createBeginning(state, clock, deps.onChange)
  const doing = createDoing(state, clock, log)
  const connection = createConnection({
    driver,
    config: deps.config,
    context: signal => deps.context(signal, log),
    clock,
    random: deps.random,
    log,
    onLink(link) {
      state.put({ kind: 'link', link })
      // A new line knows nothing of who looked at the one before it.
      if (watchers > 0) connection.session()?.focus?.(true)
    },
    onEvent(event) {
      if (event.kind === 'line') deps.onLine({ at: clock.now(), way: event.way, text: event.text })
      else if (event.kind === 'files-changed') listing.forget()
      else if (event.kind === 'learnt') deps.onLearnt(event.config)
      else state.put(event)
    },
  })
  const online = () => {
    const session = connection.session()
    if (session !== undefined) return session
    const { text } = state.now().link
    throw new GantryError('printer.offline', text ?? 'The printer does not answer.', { printerId: stored.id })
  }
  const setTransfer = (next: Transfer | undefined) => {
    transfer = next
    deps.onChange()
  }
  const takesNoFiles = () => new GantryError('printer.unsupported', 'No file can be put on this printer.')
  const refuseToPrint = () => {
    const { can, put } = online()
    if (!can.stream && !(can.upload && put !== undefined)) throw takesNoFiles()
    if (transfer) throw new GantryError('printer.busy', 'Another file is on its way to this printer.')
    beginning.refuse()
  }
  const begin = async (session: PrinterSession, what: Printable, signal?: AbortSignal) => {
    admitPrint(session.can, what)
    beginning.refuse()
    const { version } = state.now().bed
    if (what.from === 'printer') await listing.demand(session, what.path, signal)
    return beginOn(session, what, version, signal)
  }
  const beginOn = (session: PrinterSession, what: Printable, version: number, signal?: AbortSignal) =>
    beginning.run(version, () => {
      log.info('a printer is told to print', { from: what.from })
      return session.begin(what, signal)
    })
  const moveFile = async (file: PrintFile, print: boolean, signal: AbortSignal): Promise<HandedOver> => {
    const session = online()
    const demanded = () => demandKind(file, session.accepts ?? driver.accepts)
    if (print && session.can.stream) {
      await demanded()
      return begin(session, { from: 'here', file }, signal)
    }
    if (session.put === undefined) throw takesNoFiles()
    if (print) beginning.refuse()
    else demandNow({ kind: 'put' }, state.now())
    const { version } = state.now().bed
    setTransfer({ name: file.name, sentBytes: 0, sizeBytes: file.sizeBytes })
    await demanded()
    let toldAt = clock.elapsed()
    const remote = await session.put(
      file,
      sentBytes => {
        if (clock.elapsed() - toldAt < 500) return
        toldAt = clock.elapsed()
        setTransfer({ name: file.name, sentBytes, sizeBytes: file.sizeBytes })
      },
      signal,
    )
    if (!print) return copied
    // The way was long: another print may have begun or ended meanwhile.
    return beginOn(session, { from: 'printer', path: remote.path }, version, signal)
  }

  return {
    driver,
    connection,
    snapshot: state.now,
    bedToClear: () => !beginning.isUnderWay && isBedToClear(state.now()),
    transfer: () => transfer,
    transferFailure: () => transferFailure,
    async perform(command, signal) {
      const session = online()
      admit(session.can, command)
      demandNow(command, state.now())
      if ('path' in command) {
        await listing.demand(session, command.path, signal)
        demandNow(command, state.now())
      }
      // Text of the command stays out: a line of G-code may hold what somebody would not like in a log.
      log.info('a printer is told to do something', { command: command.kind })
      if (command.kind === 'emergency-stop') state.put({ kind: 'stopped' })
      await doing.run(command, () => session.perform(command, signal))
      if (command.kind === 'delete-file') listing.forget()
    },
    begin: async (path, signal) => void (await begin(online(), { from: 'printer', path }, signal)),
    clearBed(saidBy, version) {
      if (version !== undefined && version !== state.now().bed.version) throw bedChanged()
      demandNow({ kind: 'clear-bed' }, state.now())
      state.say({ kind: 'bed-clear', saidBy })
    },
    releaseHold(about) {
      demandNow({ kind: 'release-hold' }, state.now())
      state.say({ kind: 'hold-released', class: about })
    },
    refuseToPrint,
    dismissFault: about => state.put({ kind: 'fault-dismissed', ...(about && { class: about }) }),
    async send(file, print, signal) {
      refuseControl('name', file.name)
      if (transfer) throw new GantryError('printer.busy', 'Another file is on its way to this printer.')
      if (transferFailure !== undefined) {
        transferFailure = undefined
        deps.onChange()
      }
      try {
        const handed = await moveFile(file, print, signal)
        log.info('a file is on the printer', { sizeBytes: file.sizeBytes, print })
        return handed
      } catch (thrown) {
        const error = toGantryError(thrown)
        // Whoever stopped it knows.
        if (!signal.aborted) transferFailure = error
        log.warn('a file did not reach the printer', { error, stopped: signal.aborted })
        throw thrown
      } finally {
        setTransfer(undefined)
      }
    },
    async listFiles(signal) {
      return listing.files(online(), signal)
    },
    takesTokens: () => connection.session()?.takeToken !== undefined,
    async handToken(token) {
      const session = online()
      if (session.takeToken === undefined) {
        throw new GantryError('printer.unsupported', 'This printer does not fetch from contents servers.')
      }
      beginning.refuse()
      await session.takeToken(token, AbortSignal.timeout(tokenMs))
      log.info('a printer was handed a secure token')
    },
    focus() {
      watchers += 1
      if (watchers === 1) connection.session()?.focus?.(true)
      let looks = true
      return () => {
        if (!looks) return
        looks = false
        watchers -= 1
        if (watchers === 0) connection.session()?.focus?.(false)
      }
    },
  }
}
