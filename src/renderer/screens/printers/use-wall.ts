import { computed, type Ref } from 'vue'
import { t } from '../../i18n/index.ts'
import type { Group } from '../../stores/groups.ts'
import type { Printer } from '../../stores/printers.ts'
import { isOnCable, isPrinting, isReached, kindOf, needsHands, readyAt } from './printer-look.ts'
import type { WallFilter } from './WallFilters.vue'

const isReady = (printer: Printer) =>
  isReached(printer) &&
  !needsHands(printer) &&
  ['idle', 'finished', 'cancelled'].includes(printer.snapshot.label)

const belongs: Readonly<Record<Exclude<WallFilter, `group ${string}`>, (printer: Printer) => boolean>> = {
  all: () => true,
  hands: needsHands,
  printing: isPrinting,
  ready: isReady,
  gone: printer => !isReached(printer),
  usb: isOnCable,
  network: printer => !isOnCable(printer),
}

/** A group that was deleted meanwhile holds nobody. */
function isChosen(printer: Printer, filter: WallFilter, groups: readonly Group[]): boolean {
  const test = Object.hasOwn(belongs, filter) ? belongs[filter as keyof typeof belongs] : undefined
  if (test) return test(printer)
  return groups.some(({ id, printerIds }) => `group ${id}` === filter && printerIds.includes(printer.id))
}

/** What stands together under one heading; without a group the heading says so, and without groups there is none. */
export interface WallSection {
  readonly id: string
  readonly name?: string
  /** The same array as before while the same printers stand in the same order: the wall is not laid out anew. */
  readonly ids: readonly string[]
}

const isMeant = (printer: Printer, words: string) => {
  const said = [printer.name, kindOf(printer), printer.address ?? '', printer.snapshot.job.name ?? ''].join(
    ' ',
  )
  return words.split(/\s+/).every(word => said.toLocaleLowerCase().includes(word))
}

/** Which printers the wall shows, in which order, and what its head says of all of them. */
export function useWall(
  printers: () => readonly Printer[],
  groups: () => readonly Group[],
  choice: { filter: Ref<WallFilter>; search: Ref<string>; byNeed: Ref<boolean>; byGroup: Ref<boolean> },
) {
  const counts = computed(() => {
    const of = (filter: keyof typeof belongs) => printers().filter(belongs[filter]).length
    return {
      all: of('all'),
      hands: of('hands'),
      printing: of('printing'),
      ready: of('ready'),
      gone: of('gone'),
      usb: of('usb'),
      network: of('network'),
    }
  })
  const shown = computed(() => {
    const words = choice.search.value.trim().toLocaleLowerCase()
    const chosen = printers().filter(
      printer => isChosen(printer, choice.filter.value, groups()) && isMeant(printer, words),
    )
    if (!choice.byNeed.value) return chosen
    return [...chosen.filter(needsHands), ...chosen.filter(printer => !needsHands(printer))]
  })
  const next = computed(() =>
    printers()
      .map(printer => ({ name: printer.name, at: readyAt(printer) }))
      .filter((entry): entry is { name: string; at: number } => entry.at !== undefined)
      .sort((a, b) => a.at - b.at)
      .at(0),
  )
  const arranged = computed((): WallSection[] => {
    const ids = shown.value.map(({ id }) => id)
    if (!choice.byGroup.value || groups().length === 0) return [{ id: 'all', ids }]
    const grouped = groups().map(({ id, name, printerIds }) => ({
      id,
      name,
      ids: ids.filter(each => printerIds.includes(each)),
    }))
    const placed = new Set(groups().flatMap(({ printerIds }) => printerIds))
    const others = ids.filter(id => !placed.has(id))
    return [...grouped, { id: 'none', name: t('groups.without'), ids: others }].filter(
      section => section.ids.length > 0,
    )
  })
  const sections = computed((before?: WallSection[]) =>
    before && JSON.stringify(before) === JSON.stringify(arranged.value) ? before : arranged.value,
  )
  return { counts, shown, sections, next }
}
