import { GantryError } from '../contract/error.ts'
import type { Clock } from '../lib/clock.ts'
import type { Logger } from '../lib/log.ts'
import { isInDoubt, meet } from './acquaintance.ts'
import type { PrinterCommand } from './driver/driver.ts'
import { addressOf } from './identity/web-address.ts'
import type { Printers } from './printers.ts'
import type { Entry, Roster } from './roster.ts'

/** Is what answers the printer we know? */
export function greet(entry: Entry, roster: Roster, log: Logger): void {
  const { live, stored, other } = entry
  const { link, device } = live.snapshot()
  // A line that is up again still shows what was told before, until the printer says it anew.
  if (stored.simulated || link.state !== 'online' || device === entry.metAs) return
  entry.metAs = device
  const told = live.driver.told?.(device)
  if (told === undefined) return
  const verdict = meet(entry, told)
  if (verdict === 'known' && other === undefined) return
  roster.changedAll()
  if (verdict === 'other') {
    log.warn('another printer answers where one was', { printerId: stored.id })
    return
  }
  roster.save(entry)
  if (verdict !== 'back') return
  log.warn('another printer answered where one seemed to be: back to where it was', {
    printerId: stored.id,
  })
  // Not while the other one still speaks to us in this very call.
  queueMicrotask(() => live.connection.restart())
}

/** Nothing is done to a machine of which nobody knows which it is; to stop it is never wrong. */
export function refuseInDoubt(entry: Entry, command?: PrinterCommand): void {
  if (!isInDoubt(entry) || command?.kind === 'emergency-stop') return
  throw new GantryError(
    'printer.in-doubt',
    'Another printer may answer where this one was. Say first which it is.',
    { printerId: entry.stored.id },
  )
}

/** Where each printer went, and which of them it is. */
export function createWhoIsWho(
  roster: Roster,
  clock: Clock,
  log: Logger,
): Pick<Printers, 'moved' | 'identify' | 'maybeSwapped' | 'recognise' | 'exchange'> {
  const { find, update } = roster
  /** The other of two that may stand in each other's place. */
  const partnerOf = ({ stored, swappedWith, other }: Entry) =>
    roster
      .all()
      .find(
        each =>
          each.stored.id !== stored.id &&
          (each.stored.id === swappedWith || (other !== undefined && each.stored.told === other)),
      )
  return {
    moved(id, config) {
      const entry = find(id)
      const merged = { ...entry.stored.config, ...config }
      const before = addressOf(entry.stored.config)
      if (addressOf(merged) === before || entry.rejected.has(addressOf(merged))) return
      entry.former ??= entry.stored.config
      log.info('a printer moved and is followed', { printerId: id, from: before, to: addressOf(merged) })
      update(entry, { config: merged, movedFrom: before, movedAt: clock.now() })
      entry.live.connection.restart()
    },
    identify(id, identity) {
      const taken = roster.all().some(({ stored }) => stored.identity === identity)
      if (!taken) update(find(id), { identity })
    },
    maybeSwapped(id, otherId) {
      find(id).swappedWith = otherId
      find(otherId).swappedWith = id
      roster.changedAll()
    },
    exchange(id) {
      const entry = find(id)
      const partner = partnerOf(entry)
      if (partner === undefined) {
        throw new GantryError(
          'request.invalid',
          'There is no printer that this one may have changed places with.',
        )
      }
      const places = [entry, partner].map(({ stored: { config, identity } }) => ({ config, identity }))
      log.info('two printers changed places', { printerId: id, otherId: partner.stored.id })
      for (const [one, place] of [
        [entry, places[1]],
        [partner, places[0]],
      ] as const) {
        one.swappedWith = undefined
        one.other = undefined
        // What it says that it is stays with it, and is asked anew.
        one.metAs = undefined
        if (place) update(one, place)
      }
      roster.changedAll()
      for (const { live } of [entry, partner]) live.connection.restart()
    },
    recognise(id) {
      const entry = find(id)
      const { other, swappedWith } = entry
      const partner = swappedWith === undefined ? undefined : roster.get(swappedWith)
      if (partner) partner.swappedWith = undefined
      entry.swappedWith = undefined
      entry.other = undefined
      update(entry, other === undefined ? {} : { told: other })
      roster.changedAll()
    },
  }
}
