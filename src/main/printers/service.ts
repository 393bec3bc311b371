import { GantryError, toGantryError } from '../contract/error.ts'
import type { NoticeBoard } from '../contract/notice.ts'
import type { DeviceInfo, Snapshot } from '../contract/printer.ts'
import type { PrinterNote } from '../contract/printer-note.ts'
import type { Clock } from '../lib/clock.ts'
import type { Dispose } from '../lib/dispose.ts'
import { createEmitter } from '../lib/emitter.ts'
import type { LoggerFor } from '../lib/log.ts'
import type { SecretBox } from '../lib/secret-box.ts'
import type { Store } from '../store/index.ts'
import { type Acquaintance, meet, newAcquaintance, notesOf } from './acquaintance.ts'
import type {
  DriverContext,
  PrinterCommand,
  PrinterDriver,
  PrintFile,
  RemoteFile,
  SecureToken,
} from './driver.ts'
import { driverContext } from './driver-context.ts'
import { fedPrinters } from './fed.ts'
import { createPrinterHistory, type PrinterHistory } from './history.ts'
import { createHttpClient } from './http-client.ts'
import { createLivePrinter, type LivePrinter, type TerminalLine, type Transfer } from './printer.ts'
import { createPrinterStore, type PrinterConfig, type StoredPrinter } from './printer-store.ts'
import type { SerialPorts } from './serial-ports.ts'
import { breakFleetPrinter, type FleetFault, type FleetPrinter, startFleetPrinter } from './sim/fleet.ts'
import { createUnfinishedPrints, type Unfinished } from './unfinished.ts'
import { addressOf } from './web-address.ts'

/** A printer as the rest of the engine sees it. */
export interface PrinterView {
  readonly id: string
  readonly name: string
  readonly driver: string
  readonly driverName: string
  readonly address: string
  readonly identity: string | undefined
  readonly movedFrom: string | undefined
  readonly notes?: readonly PrinterNote[]
  readonly simulated: boolean
  readonly bedToClear: boolean
  /** It fetches from contents servers itself: `handToken` instead of `send`. */
  readonly takesTokens: boolean
  readonly transfer: Transfer | undefined
  readonly transferError: string | undefined
  readonly addedAt: number
  readonly snapshot: Snapshot
}

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
  /** The person says: what answers there is this printer. */
  recognise(id: string): void
  perform(id: string, command: PrinterCommand, signal?: AbortSignal): Promise<void>
  /** Ahead of every queue and lock; all at once. Every printer is in one of the three lists. */
  stopAll(): Promise<StopReport>
  clearBed(id: string): void
  send(id: string, file: PrintFile, print: boolean, signal: AbortSignal): Promise<void>
  handToken(id: string, token: SecureToken): Promise<void>
  listFiles(id: string, signal: AbortSignal): Promise<readonly RemoteFile[]>
  reconnect(id: string): void
  /** Somebody looks closely at this printer, until disposed of. */
  focus(id: string): Dispose
  readonly history: Pick<PrinterHistory, 'temperatures' | 'states'>
  on<Name extends keyof PrintersEvents>(name: Name, listener: (event: PrintersEvents[Name]) => void): Dispose
}

export interface StopReport {
  readonly stopped: string[]
  readonly failed: { id: string; error: GantryError }[]
  /** Nothing was sent: nobody answers there, nothing is printed there and its make has no emergency stop, or it can be stopped at the printer only. */
  readonly left: { id: string; why: 'offline' | 'idle' | 'unable' }[]
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

interface Entry extends Acquaintance {
  readonly live: LivePrinter
  readonly fleet: FleetPrinter | undefined
  metAs: DeviceInfo | undefined
  /** What was shown last, until something changes: a room of printers is looked at more often than it changes. */
  shown: PrinterView | undefined
}

export function createPrinters(deps: PrintersDeps): Printers {
  const { clock } = deps
  const log = deps.logger('printers')
  const kept = createPrinterStore(deps.store, deps.secrets)
  const history = createPrinterHistory(deps.store, clock)
  const unfinished = createUnfinishedPrints(deps.store, clock)
  const http = createHttpClient(clock)
  const emitter = createEmitter<PrintersEvents>(error =>
    log.error('a listener of printers failed', { error }),
  )
  const entries = new Map<string, Entry>()
  const untold = new Set<string>()
  const driverOf = (id: string) => deps.drivers.find(driver => driver.id === id)

  const find = (id: string): Entry => {
    const entry = entries.get(id)
    if (entry === undefined) throw new GantryError('printer.unknown', 'There is no such printer.', { id })
    return entry
  }
  const save = (entry: Entry) => {
    const secretKeys = entry.live.driver.form.filter(({ kind }) => kind === 'secret').map(({ key }) => key)
    kept.save(entry.stored, secretKeys)
  }
  /** One message of a printer is several facts; whoever listens hears of it once, when all of them are known. */
  const tellSoon = (id: string) => {
    if (untold.size === 0) {
      queueMicrotask(() => {
        const told = [...untold]
        untold.clear()
        for (const each of told) if (entries.has(each)) emitter.emit('changed', each)
      })
    }
    untold.add(id)
  }
  const changed = (id: string) => {
    const entry = entries.get(id)
    if (entry === undefined) return
    entry.shown = undefined
    greet(entry)
    history.note(id, entry.live.snapshot())
    unfinished.note(id, entry.live.snapshot())
    if (entry.live.clearedJob() !== entry.stored.clearedJob) {
      entry.stored = { ...entry.stored, clearedJob: entry.live.clearedJob() }
      save(entry)
    }
    tellSoon(id)
  }
  const tellBrokenOff = ({ id, name }: StoredPrinter, { job, fileLine }: Unfinished) => {
    log.warn('a print was broken off because Gantry ended', {
      printerId: id,
      fileLine,
      progress: job.progress,
    })
    deps.notices?.raise({
      id: `broken-off-${id}`,
      severity: 'warning',
      sentence: 'print-broken-off',
      params: {
        printer: name,
        file: job.name ?? '',
        line: fileLine,
        percent: Math.floor((job.progress ?? 0) * 100),
      },
    })
  }
  /** What is said of one printer may name another. */
  const changedWhoIsWho = () => {
    for (const [id, entry] of entries) {
      entry.shown = undefined
      tellSoon(id)
    }
  }
  /** Is what answers the printer we know? */
  const greet = (entry: Entry) => {
    const { live, stored, other } = entry
    const { link, device } = live.snapshot()
    // A line that is up again still shows what was told before, until the printer says it anew.
    if (stored.simulated || link.state !== 'online' || device === entry.metAs) return
    entry.metAs = device
    const told = live.driver.told?.(device)
    if (told === undefined) return
    const verdict = meet(entry, told)
    if (verdict === 'known' && other === undefined) return
    changedWhoIsWho()
    if (verdict === 'other') {
      log.warn('another printer answers where one was', { printerId: stored.id })
      return
    }
    save(entry)
    if (verdict !== 'back') return
    log.warn('another printer answered where one seemed to be: back to where it was', {
      printerId: stored.id,
    })
    // Not while the other one still speaks to us in this very call.
    queueMicrotask(() => live.connection.restart(entry.stored.config))
  }
  const settle = async (stored: StoredPrinter, isNew: boolean): Promise<void> => {
    const driver = driverOf(stored.driver)
    if (driver === undefined) {
      log.error('a printer has a driver Gantry does not know', {
        driver: stored.driver,
        printerId: stored.id,
      })
      return
    }
    const fleet = stored.simulated ? await startFleetPrinter(stored.driver, stored.name, clock) : undefined
    const left = isNew ? undefined : unfinished.take(stored.id)
    if (left?.live) tellBrokenOff(stored, left)
    const live = createLivePrinter({
      stored,
      driver,
      ...(left ? { lastJob: left.job } : {}),
      config: () => fleet?.config() ?? entries.get(stored.id)?.stored.config,
      context: (signal, own) => driverContext({ ...deps, http, signal, log: own }),
      clock,
      random: deps.random,
      log: deps.logger(`printers.${driver.id}`).with({ printerId: stored.id }),
      onChange: () => changed(stored.id),
      onLine: line => emitter.emit('line', { ...line, printerId: stored.id }),
    })
    const entry: Entry = { stored, live, fleet, metAs: undefined, shown: undefined, ...newAcquaintance() }
    if (isNew) save(entry)
    entries.set(stored.id, entry)
    live.connection.start()
  }
  const create = async (printer: NewPrinter, simulated: boolean): Promise<string> => {
    const stored: StoredPrinter = {
      id: `p${deps.uuid().replaceAll('-', '').slice(0, 12)}`,
      driver: printer.driver,
      name: freeName(
        printer.name,
        [...entries.values()].map(each => each.stored.name),
      ),
      identity: printer.identity,
      config: printer.config,
      simulated,
      clearedJob: '',
      addedAt: clock.now(),
      told: undefined,
      movedFrom: undefined,
      movedAt: undefined,
    }
    await settle(stored, true)
    tellSoon(stored.id)
    return stored.id
  }
  const update = (entry: Entry, change: Partial<StoredPrinter>) => {
    entry.stored = { ...entry.stored, ...change }
    save(entry)
    changed(entry.stored.id)
  }
  const view = (entry: Entry): PrinterView => {
    entry.shown ??= viewOf(entry, entries.values())
    return entry.shown
  }

  return {
    name: 'printers',
    async start() {
      history.start()
      const rows = kept.all()
      const settled = await Promise.allSettled(rows.map(stored => settle(stored, false)))
      for (const [index, result] of settled.entries()) {
        if (result.status === 'fulfilled') continue
        log.error('a printer could not be set up', { printerId: rows[index]?.id, error: result.reason })
      }
    },
    async stop() {
      await Promise.all(
        [...entries.values()].map(async ({ live, fleet }) => {
          await live.connection.stop()
          await fleet?.server.stop()
        }),
      )
      entries.clear()
      history.stop()
      http.close()
    },
    quitVeto() {
      const fed = fedPrinters([...entries.values()].map(view))
      if (fed.length === 0) return undefined
      const names = fed.map(({ name }) => name)
      const reason = `${names.join(', ')}: the print is fed from this computer and would be lost.`
      return { room: 'printers', reason, printers: names }
    },
    list: () => [...entries.values()].map(view),
    get: id => view(find(id)),
    async add(printer) {
      const driver = driverOf(printer.driver)
      if (driver === undefined) throw new GantryError('request.invalid', 'Gantry does not speak this make.')
      driver.parseConfig(printer.config)
      const place = placeOf(printer.config)
      const twin = [...entries.values()].find(
        ({ stored }) =>
          (printer.identity !== undefined && stored.identity === printer.identity) ||
          (stored.driver === printer.driver && place !== '' && placeOf(stored.config) === place),
      )
      if (twin)
        throw new GantryError('store.conflict', `This printer is here already: “${twin.stored.name}”.`)
      return create(printer, false)
    },
    async simulate(make, name) {
      const driver = driverOf(make)
      if (driver === undefined) throw new GantryError('request.invalid', 'Gantry does not speak this make.')
      return create({ driver: make, name: name ?? `Simulated ${driver.name}`, config: {} }, true)
    },
    async breakSimulated(id, fault) {
      const { fleet, live } = find(id)
      if (fleet === undefined) throw new GantryError('request.invalid', 'This printer is not simulated.')
      const before = addressOf(fleet.config())
      await breakFleetPrinter(fleet, fault)
      if (fault === 'move') {
        update(find(id), { movedFrom: before, movedAt: clock.now() })
        live.connection.restart(fleet.config())
      }
    },
    configure(id, config, identity) {
      const entry = find(id)
      const { identity: placed, ...before } = entry.stored.config
      const isElsewhere = config.port !== undefined && config.port !== before.port
      const place = isElsewhere ? identity : placed
      const merged = { ...before, ...(place !== undefined && { identity: place }), ...config }
      entry.live.driver.parseConfig(merged)
      entry.rejected.clear()
      entry.former = undefined
      update(entry, { config: merged, ...(isElsewhere && { identity }) })
      entry.live.connection.restart(merged)
    },
    rename(id, name) {
      const others = [...entries.values()].filter(({ stored }) => stored.id !== id)
      update(find(id), {
        name: freeName(
          name,
          others.map(each => each.stored.name),
        ),
      })
    },
    async remove(id) {
      const entry = find(id)
      const { live, fleet } = entry
      if (fedPrinters([view(entry)]).length > 0)
        throw new GantryError('printer.busy', 'Its print is fed from this computer. Cancel it first.')
      entries.delete(id)
      await live.connection.stop()
      await fleet?.server.stop()
      history.forget(id)
      kept.remove(id)
      emitter.emit('removed', id)
    },
    moved(id, config) {
      const entry = find(id)
      const merged = { ...entry.stored.config, ...config }
      const before = addressOf(entry.stored.config)
      if (addressOf(merged) === before || entry.rejected.has(addressOf(merged))) return
      entry.former ??= entry.stored.config
      log.info('a printer moved and is followed', { printerId: id, from: before, to: addressOf(merged) })
      update(entry, { config: merged, movedFrom: before, movedAt: clock.now() })
      entry.live.connection.restart(merged)
    },
    identify(id, identity) {
      const taken = [...entries.values()].some(({ stored }) => stored.identity === identity)
      if (!taken) update(find(id), { identity })
    },
    maybeSwapped(id, otherId) {
      find(id).swappedWith = otherId
      find(otherId).swappedWith = id
      changedWhoIsWho()
    },
    recognise(id) {
      const entry = find(id)
      const { other, swappedWith } = entry
      const partner = swappedWith === undefined ? undefined : entries.get(swappedWith)
      if (partner) partner.swappedWith = undefined
      entry.swappedWith = undefined
      entry.other = undefined
      update(entry, other === undefined ? {} : { told: other })
      changedWhoIsWho()
    },
    perform: async (id, command, signal) => find(id).live.perform(command, signal),
    async stopAll() {
      const report: StopReport = { stopped: [], failed: [], left: [] }
      await Promise.all(
        [...entries.values()].map(async ({ stored, live }) => {
          const { id } = stored
          const kind = stopOf(live.snapshot())
          if (kind === 'offline' || kind === 'idle' || kind === 'unable') {
            report.left.push({ id, why: kind })
            return
          }
          try {
            await live.perform({ kind })
            report.stopped.push(id)
          } catch (thrown) {
            report.failed.push({ id, error: toGantryError(thrown) })
          }
        }),
      )
      return report
    },
    clearBed: id => find(id).live.clearBed(),
    send: async (id, file, print, signal) => find(id).live.send(file, print, signal),
    handToken: async (id, token) => find(id).live.handToken(token),
    listFiles: async (id, signal) => find(id).live.listFiles(signal),
    reconnect: id => find(id).live.connection.retry(),
    focus: id => find(id).live.focus(),
    history,
    on: emitter.on,
  }
}

/** The hardest stop a printer has just now, or why there is none. */
function stopOf({ link, can, job }: Snapshot): 'emergency-stop' | 'cancel' | 'offline' | 'idle' | 'unable' {
  if (link.state === 'offline') return 'offline'
  if (can.emergencyStop !== 'none') return 'emergency-stop'
  if (job.state !== 'running' && job.state !== 'paused') return 'idle'
  return can.cancel ? 'cancel' : 'unable'
}

function viewOf(entry: Entry, all: Iterable<Entry>): PrinterView {
  const { stored, live, fleet } = entry
  return {
    id: stored.id,
    name: stored.name,
    driver: stored.driver,
    driverName: live.driver.name,
    address: addressOf(fleet?.config() ?? stored.config),
    identity: stored.identity,
    movedFrom: stored.movedFrom,
    notes: notesOf(entry, all),
    simulated: stored.simulated,
    bedToClear: live.bedToClear(),
    takesTokens: live.takesTokens(),
    transfer: live.transfer(),
    transferError: live.transferError(),
    addedAt: stored.addedAt,
    snapshot: live.snapshot(),
  }
}

/** Where a printer is reached, so that no place is added twice; a simulated one has none of its own. */
function placeOf({ url, port }: PrinterConfig): string {
  if (typeof url === 'string') return url.replace(/\/+$/, '').toLowerCase()
  return typeof port === 'string' ? port : ''
}

/** Three printers of one name would be one too many to tell apart: `Prusa`, `Prusa 2`, `Prusa 3`. */
export function freeName(wanted: string, taken: readonly string[]): string {
  const isTaken = (name: string) => taken.some(each => each.toLowerCase() === name.toLowerCase())
  if (!isTaken(wanted)) return wanted
  for (let count = 2; ; count++) if (!isTaken(`${wanted} ${count}`)) return `${wanted} ${count}`
}
