import { type ComputedRef, computed, shallowRef, watch } from 'vue'
import { useEngineClock } from '../../stores/engine-clock.ts'
import type { Printer } from '../../stores/printers.ts'

const windowMs = 10_000

/** How often news of this printer reached this page, per second, over the last ten seconds. */
export function useUpdateRate(printer: () => Printer, now: () => number): ComputedRef<number> {
  const heard = shallowRef<readonly number[]>([])
  const clock = useEngineClock()
  const begunAt = now()
  watch(
    () => printer().snapshot.heardAt,
    () => {
      const at = clock.now()
      heard.value = [...heard.value.filter(each => each > at - windowMs), at]
    },
  )
  return computed(() => {
    const watchedMs = Math.min(windowMs, Math.max(1_000, now() - begunAt))
    return heard.value.filter(each => each > now() - windowMs).length / (watchedMs / 1000)
  })
}
