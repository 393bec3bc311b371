import type { Logger } from '../lib/log.ts'
import { newAcquaintance } from './acquaintance.ts'
import type { DriverContext } from './driver/driver.ts'
import { driverContext } from './driver/driver-context.ts'
import { noFacts, occupied } from './facts.ts'
import type { FactsStore, KeptFacts } from './facts-store.ts'
import { createLivePrinter } from './printer.ts'
import { ownFields, type StoredPrinter } from './printer-store.ts'
import type { PrintersDeps, PrintersEvents } from './printers.ts'
import type { Entry, Roster } from './roster.ts'
import { startFleetPrinter } from './sim/fleet.ts'
import type { Unfinished, UnfinishedPrints } from './unfinished.ts'

interface SetUpDeps extends PrintersDeps {
  readonly roster: Roster
  readonly unfinished: UnfinishedPrints
  readonly facts: FactsStore
  readonly http: DriverContext['http']
  readonly log: Logger
  /** Gantry stops: no line is opened any more. */
  readonly isOver: () => boolean
  readonly onLine: (line: PrintersEvents['line']) => void
}

/** What was fed when Gantry ended has failed; its part is on the bed, if anything is. */
function brokenOff({ job }: Unfinished, before: KeptFacts = { ...noFacts, job: undefined }): KeptFacts {
  const bed = occupied(before.bed, before.bed.run, job.endedAt ?? 0)
  return { ...before, bed, job: { ...job, ...(bed.run !== undefined && { run: bed.run }) } }
}

/** Brings a printer to life: its simulator if it has one, what an earlier run left of its print, its line. */
export function createSetUp(deps: SetUpDeps): (stored: StoredPrinter, isNew: boolean) => Promise<void> {
  const { roster, unfinished, facts, http, log, clock } = deps
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
  return async (given, isNew) => {
    const driver = deps.drivers.find(({ id }) => id === given.driver)
    if (driver === undefined) {
      log.error('a printer has a driver Gantry does not know', {
        driver: given.driver,
        printerId: given.id,
      })
      return
    }
    const stored = { ...given, config: ownFields(given.config, driver.fields) }
    const hasStrays = Object.keys(stored.config).length < Object.keys(given.config).length
    const fleet = stored.simulated ? await startFleetPrinter(stored.driver, stored.name, clock) : undefined
    const left = isNew ? undefined : unfinished.take(stored.id)
    if (left?.live) tellBrokenOff(stored, left)
    const before = isNew ? undefined : facts.of(stored.id)
    const known = left ? brokenOff(left, before) : before
    const live = createLivePrinter({
      stored,
      driver,
      facts: known,
      keepFacts: facts => deps.facts.keep(stored.id, facts),
      config: () => ({ ...roster.get(stored.id)?.stored.config, ...fleet?.config() }),
      onLearnt(config) {
        const entry = roster.get(stored.id)
        if (entry) roster.update(entry, { config: { ...entry.stored.config, ...config } })
      },
      context: (signal, own) => driverContext({ ...deps, http, signal, log: own }),
      clock,
      random: deps.random,
      log: deps.logger(`printers.${driver.id}`).with({ printerId: stored.id }),
      onChange: () => roster.changed(stored.id),
      onLine: line => deps.onLine({ ...line, printerId: stored.id }),
    })
    const entry: Entry = { stored, live, fleet, metAs: undefined, shown: undefined, ...newAcquaintance() }
    if (isNew || hasStrays) roster.save(entry)
    roster.enter(entry)
    if (!deps.isOver()) live.connection.start()
  }
}
