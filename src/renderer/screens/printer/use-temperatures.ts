import { type ComputedRef, computed, shallowRef, watch } from 'vue'
import { useBridge } from '../../api/index.ts'
import { useEngineClock } from '../../stores/engine-clock.ts'
import { useLine } from '../../stores/line.ts'
import type { Printer } from '../../stores/printers.ts'
import { isReached } from '../printers/printer-look.ts'
import { append, heldUntil, merge, type SeriesById } from './temperature-series.ts'

const shownMs = 3_600_000
const pastPoints = 600

/** The last hour of a printer's temperatures: what the store kept, and every reading heard since. */
export function useTemperatures(printer: () => Printer): ComputedRef<SeriesById> {
  const bridge = useBridge()
  const clock = useEngineClock()
  const line = useLine()
  const past = shallowRef<Parameters<typeof merge>[0]>([])
  const live = shallowRef<SeriesById>(new Map())

  async function readPast(): Promise<void> {
    const { serviceId } = printer()
    const from = clock.now() - shownMs
    const answer = await bridge.call('GET printerhistory/temperatures', {
      serviceId,
      from,
      points: pastPoints,
    })
    // Without a past the chart begins now: what is live is shown all the same.
    if (answer.result === 0 && printer().serviceId === serviceId) past.value = answer.series
  }

  watch(
    () => printer().serviceId,
    () => {
      past.value = []
      live.value = new Map()
      void readPast()
    },
    { immediate: true },
  )
  // What was measured meanwhile, the store has.
  watch(
    () => line.returns,
    () => void readPast(),
  )
  watch(
    () => printer().snapshot.heaters,
    heaters => {
      live.value = append(live.value, heaters, clock.now() - shownMs)
    },
    { immediate: true },
  )
  return computed(() => {
    const series = merge(past.value, live.value)
    const { snapshot } = printer()
    return isReached(printer()) && snapshot.can.push && snapshot.heardAt !== undefined
      ? heldUntil(series, snapshot.heardAt)
      : series
  })
}
