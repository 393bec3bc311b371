import { GantryError } from '../contract/error.ts'
import type { Clock } from '../lib/clock.ts'
import type { PrinterDriver } from './driver/driver.ts'
import { fedPrinters } from './fed.ts'
import { addressOf } from './identity/web-address.ts'
import { freeName } from './names.ts'
import { ownFields, type PrinterConfig, type StoredPrinter } from './printer-store.ts'
import type { NewPrinter, Printers } from './printers.ts'
import type { Roster } from './roster.ts'
import { breakFleetPrinter } from './sim/fleet.ts'

interface InventoryDeps {
  readonly roster: Roster
  readonly drivers: readonly PrinterDriver[]
  readonly clock: Clock
  readonly uuid: () => string
  /** Sets a new one up and keeps it. */
  readonly setUp: (stored: StoredPrinter) => Promise<void>
  /** It is gone: nothing of it stays. */
  readonly forget: (id: string) => void
}

/** Which printers there are: added, simulated, told where they are, renamed, removed. */
export function createInventory(
  deps: InventoryDeps,
): Pick<Printers, 'add' | 'simulate' | 'breakSimulated' | 'configure' | 'rename' | 'remove'> {
  const { roster, clock } = deps
  const { find, update } = roster
  const driverOf = (make: string): PrinterDriver => {
    const driver = deps.drivers.find(({ id }) => id === make)
    if (driver === undefined) throw new GantryError('request.invalid', 'Gantry does not speak this make.')
    return driver
  }
  const create = async (printer: NewPrinter, simulated: boolean): Promise<string> => {
    const stored: StoredPrinter = {
      id: `p${deps.uuid().replaceAll('-', '').slice(0, 12)}`,
      driver: printer.driver,
      name: freeName(
        printer.name,
        roster.all().map(each => each.stored.name),
      ),
      identity: printer.identity,
      config: printer.config,
      simulated,
      addedAt: clock.now(),
      told: undefined,
      movedFrom: undefined,
      movedAt: undefined,
    }
    await deps.setUp(stored)
    roster.tellSoon(stored.id)
    return stored.id
  }
  return {
    async add(printer) {
      const driver = driverOf(printer.driver)
      driver.parseConfig(printer.config)
      const place = placeOf(printer.config)
      const twin = roster
        .all()
        .find(
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
      return create({ driver: make, name: name ?? `Simulated ${driver.name}`, config: {} }, true)
    },
    async breakSimulated(id, fault) {
      const { fleet, live } = find(id)
      if (fleet === undefined) throw new GantryError('request.invalid', 'This printer is not simulated.')
      const before = addressOf(fleet.config())
      await breakFleetPrinter(fleet, fault)
      if (fault === 'move') {
        update(find(id), { movedFrom: before, movedAt: clock.now() })
        live.connection.restart()
      }
    },
    configure(id, config, identity) {
      const entry = find(id)
      const isElsewhere = config.port !== undefined && config.port !== entry.stored.config.port
      const { identity: placed, ...known } = entry.stored.config
      const { form } = entry.live.driver
      // What was learnt of the board there says nothing of the one here.
      const before = isElsewhere
        ? ownFields(
            known,
            form.map(({ key }) => key),
          )
        : known
      const place = isElsewhere ? identity : placed
      const merged = { ...before, ...(place !== undefined && { identity: place }), ...config }
      entry.live.driver.parseConfig(merged)
      entry.rejected.clear()
      entry.former = undefined
      update(entry, { config: merged, ...(isElsewhere && { identity }) })
      entry.live.connection.restart()
    },
    rename(id, name) {
      const others = roster.all().filter(({ stored }) => stored.id !== id)
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
      if (fedPrinters([roster.view(entry)]).length > 0)
        throw new GantryError('printer.busy', 'Its print is fed from this computer. Cancel it first.')
      roster.drop(id)
      await live.connection.stop()
      await fleet?.server.stop()
      deps.forget(id)
    },
  }
}

/** Where a printer is reached, so that no place is added twice; a simulated one has none of its own. */
function placeOf({ url, port }: PrinterConfig): string {
  if (typeof url === 'string') return url.replace(/\/+$/, '').toLowerCase()
  return typeof port === 'string' ? port : ''
}
