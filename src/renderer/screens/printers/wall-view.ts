import { useStorage } from '@vueuse/core'
import { computed } from 'vue'

interface WallView {
  readonly shape: 'cards' | 'list'
  /** What needs hands stands first; otherwise each keeps its place. */
  readonly byNeed: boolean
}

const first: WallView = { shape: 'cards', byNeed: true }

/** How this viewer likes the wall. Of the viewer, not of the house: a phone and a screen on the wall differ. */
export function useWallView() {
  const kept = useStorage('gantry.wall', first, undefined, {
    mergeDefaults: true,
    // A browser that forbids storage: the wall is as it is first.
    onError: () => {},
  })
  return {
    isList: computed({
      get: () => kept.value.shape === 'list',
      set: isList => {
        kept.value = { ...kept.value, shape: isList ? 'list' : 'cards' }
      },
    }),
    byNeed: computed({
      get: () => kept.value.byNeed,
      set: byNeed => {
        kept.value = { ...kept.value, byNeed }
      },
    }),
  }
}
