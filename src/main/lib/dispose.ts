/** Undoes what returned it. Calling it twice does nothing the second time. */
export type Dispose = () => void

/** Collects what must be undone; undoing runs newest first, once. */
export interface Bin {
  add(dispose: Dispose): void
  empty(): void
}

export function createBin(): Bin {
  let held: Dispose[] = []
  return {
    add(dispose) {
      held.push(dispose)
    },
    empty() {
      const undo = held.reverse()
      held = []
      for (const dispose of undo) dispose()
    },
  }
}
