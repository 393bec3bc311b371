import { computed } from 'vue'
import { useAct } from '../api/act.ts'
import { useSettings } from './settings.ts'
import { type Theme, useViewer } from './viewer.ts'

type Language = ReturnType<typeof useViewer>['look']['language']

/** Choosing theme and language: in Gantry's own window for the house, in a browser for that browser. */
export function useLook() {
  const viewer = useViewer()
  const settings = useSettings()
  const { act, pending, isLocked, lock } = useAct()
  const isHouse = window.gantry !== undefined

  async function choose(choice: { readonly theme?: Theme; readonly language?: Language }): Promise<void> {
    if (isHouse) await act('PUT settings', choice)
    else viewer.choose(choice)
  }

  return {
    isHouse,
    pending,
    /** What is the house's own waits for Gantry; what is this browser's does not. */
    isLocked: computed(() => isHouse && isLocked.value),
    lock: computed(() => (isHouse ? lock.value : {})),
    /** In the window as Gantry has it, which is not known at once. */
    look: computed(() => (isHouse ? settings.settings : viewer.look)),
    choose,
  }
}
