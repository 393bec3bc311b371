import type { PrinterNote } from '../contract/printer-note.ts'
import { addressOf } from './identity/web-address.ts'
import type { PrinterConfig, StoredPrinter } from './printer-store.ts'

/**
 * Who a printer is. `told` is what it says itself: `serial:CZPX1234`, which no other printer says, or
 * `model:Ender-3`, which tells a different machine at least. It is kept with the printer, so that another one behind
 * its address or its cable is noticed.
 */
export interface Acquaintance {
  stored: StoredPrinter
  /** What answers now, as long as it is not the one we know. */
  other: string | undefined
  /** It and this printer were both unplugged, and nothing but their sockets tells them apart. */
  swappedWith: string | undefined
  /** Where it was before a move that it has not confirmed itself. */
  former: PrinterConfig | undefined
  /** Where another printer answered: it is not followed there again. */
  readonly rejected: Set<string>
}

export function newAcquaintance(): Omit<Acquaintance, 'stored'> {
  return { other: undefined, swappedWith: undefined, former: undefined, rejected: new Set() }
}

const kindOf = (told: string) => told.slice(0, told.indexOf(':'))
const nameOf = (told = ':') => told.slice(told.indexOf(':') + 1)

/**
 * Something answered and says who it is. `known` it is the one we know; `learnt` we knew nothing of the kind;
 * `other` it is another one; `back` the same, after a move that was therefore none.
 */
export function meet(one: Acquaintance, told: string): 'known' | 'learnt' | 'other' | 'back' {
  const before = one.stored.told
  if (before === told || before === undefined || kindOf(before) !== kindOf(told)) {
    one.other = undefined
    one.former = undefined
    if (before === told) return 'known'
    one.stored = { ...one.stored, told }
    return 'learnt'
  }
  if (one.former === undefined) {
    one.other = told
    return 'other'
  }
  one.rejected.add(addressOf(one.stored.config))
  one.stored = { ...one.stored, config: one.former, movedFrom: undefined, movedAt: undefined }
  one.former = undefined
  return 'back'
}

/** Another one may answer where this one was. */
export const isInDoubt = ({ other, swappedWith }: Acquaintance): boolean =>
  other !== undefined || swappedWith !== undefined

/** What a person should know about who this printer is and where it went. */
export function notesOf(one: Acquaintance, all: Iterable<Acquaintance>): PrinterNote[] {
  const { stored, other, swappedWith } = one
  const others = [...all].filter(each => each !== one && !each.stored.simulated)
  const notes: PrinterNote[] = []
  if (other !== undefined) {
    const owner = others.find(each => each.stored.told === other)?.stored.name
    const params = { was: nameOf(stored.told), now: nameOf(other) }
    notes.push(owner ? { code: 'other-printer', params: { owner } } : { code: 'other-device', params })
  }
  const twin = stored.told?.startsWith('serial:') && others.find(each => each.stored.told === stored.told)
  if (twin) notes.push({ code: 'same-as', params: { name: twin.stored.name, serial: nameOf(stored.told) } })
  const swapped = swappedWith && others.find(each => each.stored.id === swappedWith)
  if (swapped) notes.push({ code: 'maybe-swapped', params: { name: swapped.stored.name } })
  const { movedFrom, movedAt = 0 } = stored
  if (movedFrom !== undefined) notes.push({ code: 'moved', params: { from: movedFrom, at: movedAt } })
  if (stored.identity?.startsWith('usb-path:')) notes.push({ code: 'by-socket', params: {} })
  return notes
}
