import { GantryError } from '../contract/error.ts'
import type { DeviceInfo } from '../contract/printer.ts'
import { ownFields, type PrinterStore, type StoredPrinter } from './printer-store.ts'
import { type PrinterView, type Viewed, viewOf } from './printer-view.ts'

/** A printer with all that belongs to it while Gantry runs. */
export interface Entry extends Viewed {
  metAs: DeviceInfo | undefined
  /** What was shown last, until something changes: a room of printers is looked at more often than it changes. */
  shown: PrinterView | undefined
}

/** The printers that are set up, and who is told when one of them changes. */
export interface Roster {
  all(): Entry[]
  get(id: string): Entry | undefined
  /** Like `get`, or throws `printer.unknown`. */
  find(id: string): Entry
  enter(entry: Entry): void
  drop(id: string): void
  clear(): void
  view(entry: Entry): PrinterView
  save(entry: Entry): void
  update(entry: Entry, change: Partial<StoredPrinter>): void
  changed(id: string): void
  /** What is said of one printer may name another. */
  changedAll(): void
  /** One message of a printer is several facts; whoever listens hears of it once, when all of them are known. */
  tellSoon(id: string): void
}

interface RosterDeps {
  readonly kept: PrinterStore
  /** Heard at every single change, before anybody is told. */
  readonly onChange: (entry: Entry) => void
  readonly tell: (id: string) => void
}

export function createRoster({ kept, onChange, tell }: RosterDeps): Roster {
  const entries = new Map<string, Entry>()
  const untold = new Set<string>()

  const find = (id: string): Entry => {
    const entry = entries.get(id)
    if (entry === undefined) throw new GantryError('printer.unknown', 'There is no such printer.', { id })
    return entry
  }
  const save = (entry: Entry) => {
    const secretKeys = entry.live.driver.form.filter(({ kind }) => kind === 'secret').map(({ key }) => key)
    kept.save(entry.stored, secretKeys)
  }
  const tellSoon = (id: string) => {
    if (untold.size === 0) {
      queueMicrotask(() => {
        const told = [...untold]
        untold.clear()
        for (const each of told) if (entries.has(each)) tell(each)
      })
    }
    untold.add(id)
  }
  const changed = (id: string) => {
    const entry = entries.get(id)
    if (entry === undefined) return
    entry.shown = undefined
    onChange(entry)
    tellSoon(id)
  }

  return {
    all: () => [...entries.values()],
    get: id => entries.get(id),
    find,
    enter: entry => entries.set(entry.stored.id, entry),
    drop: id => entries.delete(id),
    clear: () => entries.clear(),
    view(entry) {
      entry.shown ??= viewOf(entry, entries.values())
      return entry.shown
    },
    save,
    update(entry, change) {
      const { config = entry.stored.config } = change
      const own = ownFields(config, entry.live.driver.fields)
      entry.stored = { ...entry.stored, ...change, config: own }
      save(entry)
      changed(entry.stored.id)
    },
    changed,
    changedAll() {
      for (const [id, entry] of entries) {
        entry.shown = undefined
        tellSoon(id)
      }
    },
    tellSoon,
  }
}
