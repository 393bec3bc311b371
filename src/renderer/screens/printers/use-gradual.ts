import { onScopeDispose, type ShallowRef, shallowRef, watch } from 'vue'

/** As many cards as are made within a frame; two frames fill a usual window. */
const perFrame = 8

/**
 * The same list, with what is new in it coming a few at a time: what is in sight stands there at the next frame, and
 * a hundred cards that come back when a word is taken out of the search field do not hold the next letter up.
 */
export function useGradual(ids: () => readonly string[]): Readonly<ShallowRef<readonly string[]>> {
  const shown = shallowRef<readonly string[]>([])
  let frame = 0

  const grow = () => {
    cancelAnimationFrame(frame)
    const standing = new Set(shown.value)
    let left = perFrame
    const next = ids().filter(id => standing.has(id) || left-- > 0)
    shown.value = next
    if (next.length < ids().length) frame = requestAnimationFrame(grow)
  }
  watch(ids, grow, { immediate: true })
  onScopeDispose(() => cancelAnimationFrame(frame))
  return shown
}
