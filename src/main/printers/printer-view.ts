import type { GantryError } from '../contract/error.ts'
import type { Snapshot } from '../contract/printer.ts'
import type { PrinterNote } from '../contract/printer-note.ts'
import { type Acquaintance, notesOf } from './acquaintance.ts'
import { addressOf } from './identity/web-address.ts'
import type { LivePrinter, Transfer } from './printer.ts'
import type { FleetPrinter } from './sim/fleet.ts'

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
  /** Why the last file did not get there. */
  readonly transferFailure: GantryError | undefined
  readonly addedAt: number
  readonly snapshot: Snapshot
}

/** What a view is made of. */
export interface Viewed extends Acquaintance {
  readonly live: LivePrinter
  readonly fleet: FleetPrinter | undefined
}

export function viewOf(entry: Viewed, all: Iterable<Acquaintance>): PrinterView {
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
    transferFailure: live.transferFailure(),
    addedAt: stored.addedAt,
    snapshot: live.snapshot(),
  }
}
