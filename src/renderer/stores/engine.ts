import { useDocumentVisibility, useIntervalFn } from '@vueuse/core'
import { defineStore } from 'pinia'
import { ref, watch } from 'vue'
import { useBridge } from '../api/index.ts'

const askEveryMs = 10_000

/** Whether Gantry answers, and since when it does not. Unknown until the first answer. */
export const useEngine = defineStore('engine', () => {
  const bridge = useBridge()
  const state = ref<'unknown' | 'here' | 'gone'>('unknown')
  const name = ref<string>()
  const goneAt = ref<number>()

  async function ask(): Promise<void> {
    try {
      const answer = await bridge.call('GET availability', {})
      if (answer.result === 0) found(answer.name)
      else lost()
    } catch {
      lost()
    }
  }

  function found(itsName: string | undefined): void {
    name.value = itsName
    goneAt.value = undefined
    state.value = 'here'
  }

  function lost(): void {
    goneAt.value ??= Date.now()
    state.value = 'gone'
  }

  const visibility = useDocumentVisibility()
  useIntervalFn(() => {
    if (visibility.value === 'visible') void ask()
  }, askEveryMs)
  watch(visibility, now => {
    if (now === 'visible') void ask()
  })
  void ask()

  return { state, name, goneAt }
})
