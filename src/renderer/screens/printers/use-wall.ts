import { computed, type Ref } from 'vue'
import type { Printer } from '../../stores/printers.ts'
import { isOnCable, isPrinting, isReached, kindOf, needsHands, readyAt } from './printer-look.ts'
import type { WallFilter } from './WallFilters.vue'

const isReady = (printer: Printer) =>
  isReached(printer) &&
  !needsHands(printer) &&
  ['idle', 'finished', 'cancelled'].includes(printer.snapshot.label)

const belongs: Readonly<Record<WallFilter, (printer: Printer) => boolean>> = {
  all: () => true,
  hands: needsHands,
  printing: isPrinting,
  ready: isReady,
  gone: printer => !isReached(printer),
  usb: isOnCable,
  network: printer => !isOnCable(printer),
}

const isMeant = (printer: Printer, words: string) => {
  const said = [printer.name, kindOf(printer), printer.address, printer.snapshot.job.name ?? ''].join(' ')
  return words.split(/\s+/).every(word => said.toLocaleLowerCase().includes(word))
}

/** Which printers the wall shows, in which order, and what its head says of all of them. */
export function useWall(
  printers: () => readonly Printer[],
  choice: { filter: Ref<WallFilter>; search: Ref<string>; byNeed: Ref<boolean> },
  now: Ref<number>,
) {
  const counts = computed(() => {
    const of = (filter: WallFilter) => printers().filter(belongs[filter]).length
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
      printer => belongs[choice.filter.value](printer) && isMeant(printer, words),
    )
    if (!choice.byNeed.value) return chosen
    return [...chosen.filter(needsHands), ...chosen.filter(printer => !needsHands(printer))]
  })
  const next = computed(() =>
    printers()
      .map(printer => ({ name: printer.name, at: readyAt(printer, now.value) }))
      .filter((entry): entry is { name: string; at: number } => entry.at !== undefined)
      .sort((a, b) => a.at - b.at)
      .at(0),
  )
  return { counts, shown, next }
}
