import { computed } from 'vue'
import { t } from '../i18n/index.ts'
import { useLineSince } from './line-words.ts'

/**
 * Locks what asks Gantry for something while nobody hears it: nothing is kept to be sent later, when it may not be
 * meant any more. Put on a control last: `v-bind="buttonLock"`.
 */
export function useLock() {
  const since = useLineSince()
  const why = computed(() =>
    since.value === undefined ? undefined : t('line.locked', { since: since.value }),
  )
  return {
    isLocked: computed(() => why.value !== undefined),
    /** For switches, choices and fields. */
    lock: computed(() => (why.value === undefined ? {} : { disabled: true, title: why.value })),
    /** For buttons: flat as well, and with a lock for its sign. */
    buttonLock: computed(() =>
      why.value === undefined
        ? {}
        : ({
            disabled: true,
            title: why.value,
            icon: 'i-lucide-lock',
            color: 'neutral',
            variant: 'soft',
          } as const),
    ),
  }
}
