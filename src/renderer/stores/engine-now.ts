import { useTimestamp } from '@vueuse/core'
import { type ComputedRef, computed } from 'vue'
import { useEngineClock } from './engine-clock.ts'
import { useLine } from './line.ts'

const ageEveryMs = 10_000

/** How long ago Gantry was heard last, while it is not heard; undefined while all is of now. */
export function useLineAge(): ComputedRef<number | undefined> {
  const clock = useEngineClock()
  const line = useLine()
  const viewers = useTimestamp({ interval: ageEveryMs })
  return computed(() => line.down && Math.max(0, viewers.value + clock.aheadMs - line.down.since))
}

/**
 * Gantry's time now, told anew every `intervalMs`. While nothing is heard of Gantry it stands at what was heard last:
 * so do all ages and countdowns.
 */
export function useEngineNow(intervalMs: number): ComputedRef<number> {
  const clock = useEngineClock()
  const line = useLine()
  const viewers = useTimestamp({ interval: intervalMs })
  return computed(() => line.down?.since ?? viewers.value + clock.aheadMs)
}
