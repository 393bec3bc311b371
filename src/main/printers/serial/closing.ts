import type { GantryError } from '../../contract/error.ts'
import type { Dispose } from '../../lib/dispose.ts'

/** The end of a line, told once to everyone who asks, early or late. */
export function createClosing(): {
  end(reason: GantryError | undefined): void
  onClose(listener: (reason: GantryError | undefined) => void): Dispose
} {
  const listeners = new Set<(reason: GantryError | undefined) => void>()
  let ended: { readonly reason: GantryError | undefined } | undefined
  return {
    end(reason) {
      if (ended) return
      ended = { reason }
      for (const listener of [...listeners]) listener(reason)
      listeners.clear()
    },
    onClose(listener) {
      if (ended) listener(ended.reason)
      else listeners.add(listener)
      return () => {
        listeners.delete(listener)
      }
    },
  }
}
