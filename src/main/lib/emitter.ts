import type { Dispose } from './dispose.ts'

export interface Emitter<Events> {
  on<Name extends keyof Events>(name: Name, listener: (event: Events[Name]) => void): Dispose
  emit<Name extends keyof Events>(name: Name, event: Events[Name]): void
}

/**
 * Typed events. One listener that throws neither stops the others nor reaches the one who emits:
 * `onThrow` is told, which in practice is a line in the log.
 */
export function createEmitter<Events>(onThrow: (thrown: unknown) => void): Emitter<Events> {
  const listeners = new Map<keyof Events, Set<(event: never) => void>>()

  return {
    on(name, listener) {
      const set = listeners.get(name) ?? new Set()
      listeners.set(name, set)
      // A wrapper per call: the same function registered twice is two registrations, each with its own undo.
      const own = (event: never) => listener(event)
      set.add(own)
      return () => {
        set.delete(own)
      }
    },
    emit(name, event) {
      for (const listener of [...(listeners.get(name) ?? [])]) {
        try {
          listener(event as never)
        } catch (thrown) {
          onThrow(thrown)
        }
      }
    },
  }
}
