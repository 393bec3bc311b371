import { type ComputedRef, computed } from 'vue'
import { clockTime, dateAndTime, duration } from '../format/time.ts'
import { language, t } from '../i18n/index.ts'
import { useLineAge } from './engine-now.ts'
import { useLine } from './line.ts'

const dayMs = 86_400_000
const minuteMs = 60_000

/** Since when nothing is heard of Gantry: `13:26`, with the date once that is long ago. Undefined while it is heard. */
export function useLineSince(): ComputedRef<string | undefined> {
  const line = useLine()
  const age = useLineAge()
  return computed(() => {
    if (line.down === undefined) return undefined
    return ((age.value ?? 0) > dayMs ? dateAndTime : clockTime)(line.down.since, language.value)
  })
}

/** `2 min old` */
export const ageWords = (ageMs: number): string =>
  ageMs < minuteMs ? t('line.new') : t('line.old', { age: duration(ageMs / 1000, language.value) })
