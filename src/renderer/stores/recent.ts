import { defineStore } from 'pinia'
import { shallowReactive, watch } from 'vue'
import { usePrinters } from './printers.ts'

/** A temperature when it was measured. */
export interface Reading {
  readonly at: number
  readonly celsius: number
}

const mostReadings = 60
const spacingMs = 2_000
const none: readonly Reading[] = []

/** What the first nozzle of each printer was like in the last minutes, from what was told while the page is open. */
export const useRecent = defineStore('recent', () => {
  const printers = usePrinters()
  const byId = shallowReactive(new Map<string, readonly Reading[]>())

  watch(
    () => printers.printers,
    list => {
      for (const { id, snapshot } of list) {
        const known = byId.get(id) ?? none
        const nozzle = snapshot.heaters.find(({ kind }) => kind === 'nozzle')
        const last = known.at(-1)
        const celsius = nozzle?.actualC
        const at = nozzle?.at ?? 0
        // Where nothing is new nothing is set: its card is not drawn again.
        if (celsius === undefined || (last !== undefined && at - last.at < spacingMs)) continue
        byId.set(id, [...known, { at, celsius }].slice(-mostReadings))
      }
      if (byId.size <= list.length) return
      const all = new Set(list.map(({ id }) => id))
      for (const id of [...byId.keys()]) if (!all.has(id)) byId.delete(id)
    },
    { immediate: true },
  )

  return { of: (id: string): readonly Reading[] => byId.get(id) ?? none }
})
