import { useStorage } from '@vueuse/core'
import { computed } from 'vue'

interface WallView {
  readonly shape: 'cards' | 'list'
  /** What needs hands stands first; otherwise each keeps its place. */
  readonly byNeed: boolean
  /** Each group of the owner's own under its name. */
  readonly byGroup: boolean
}

const first: WallView = { shape: 'cards', byNeed: true, byGroup: false }

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
    byGroup: computed({
      get: () => kept.value.byGroup,
      set: byGroup => {
        kept.value = { ...kept.value, byGroup }
      },
    }),
  }
}
