/** Nothing is pressed or drawn for a moment. Not every browser tells; then a moment is waited for. */
const restMs = 200

export const untilIdle = (): Promise<void> =>
  new Promise(resolve => {
    if ('requestIdleCallback' in globalThis) requestIdleCallback(() => resolve())
    else setTimeout(resolve, restMs)
  })

/** What is on the page now has been drawn: a second frame begins when the first is done. */
export const untilPainted = (): Promise<void> =>
  new Promise(resolve => requestAnimationFrame(() => requestAnimationFrame(() => resolve())))

interface Moments {
  /** The page has nothing else to do. */
  readonly idle: () => Promise<void>
  /** Gantry was away and is back. */
  readonly back: () => Promise<void>
}

/** Loads parts of the page before they are wanted, one at a time, so that they are there while Gantry is away. */
export async function loadAhead(
  parts: readonly (() => Promise<unknown>)[],
  { idle, back }: Moments,
): Promise<void> {
  let left = parts
  while (left.length > 0) {
    const absent: (() => Promise<unknown>)[] = []
    for (const load of left) {
      await idle()
      try {
        await load()
      } catch {
        absent.push(load)
      }
    }
    left = absent
    if (left.length > 0) await back()
  }
}
