import { defineStore } from 'pinia'
import { shallowRef, watch } from 'vue'
import { usePrinters } from './printers.ts'

/** A temperature when it was measured. */
export interface Reading {
  readonly at: number
  readonly celsius: number
}

const mostReadings = 60
const spacingMs = 2_000

/** What the first nozzle of each printer was like in the last minutes, from what was told while the page is open. */
export const useRecent = defineStore('recent', () => {
  const printers = usePrinters()
  const byId = shallowRef<ReadonlyMap<string, readonly Reading[]>>(new Map())

  watch(
    () => printers.printers,
    list => {
      const next = new Map<string, readonly Reading[]>()
      for (const { id, snapshot } of list) {
        const known = byId.value.get(id) ?? []
        const nozzle = snapshot.heaters.find(({ kind }) => kind === 'nozzle')
        const last = known.at(-1)
        const celsius = nozzle?.actualC
        const at = nozzle?.at ?? 0
        const isNew = celsius !== undefined && (last === undefined || at - last.at >= spacingMs)
        // The same array as before where nothing is new: its card is not drawn again.
        next.set(id, isNew ? [...known, { at, celsius }].slice(-mostReadings) : known)
      }
      byId.value = next
    },
    { immediate: true },
  )

  const none: readonly Reading[] = []
  return { of: (id: string): readonly Reading[] => byId.value.get(id) ?? none }
})
