import { defineStore } from 'pinia'
import { ref } from 'vue'

/** Further off than a slow frame could make it: a clock was set. */
const setMs = 5_000

/**
 * Gantry's clock as this page knows it. Instants come from Gantry, and a tablet's own clock may be minutes off; so
 * ages are told by the clock the instants were taken from.
 */
export const useEngineClock = defineStore('engine-clock', () => {
  const aheadMs = ref(0)
  let isKnown = false

  /** A frame said when it was made. Frames are late, never early: the least late one is nearest to the truth. */
  function learn(at: number): void {
    const sampleMs = at - Date.now()
    if (isKnown && sampleMs <= aheadMs.value && aheadMs.value - sampleMs < setMs) return
    isKnown = true
    aheadMs.value = sampleMs
  }

  const now = (): number => Date.now() + aheadMs.value
  return { aheadMs, learn, now }
})
