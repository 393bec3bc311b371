import type { ChildExit, ChildProcess } from './child-process.ts'

interface Stream {
  on(name: 'data', listener: (chunk: Buffer) => void): unknown
  off(name: 'data', listener: (chunk: Buffer) => void): unknown
}

/** The part of a child that is the same however it was started: what it prints, and its one end. */
export function followChild(streams: readonly (Stream | null)[]): {
  readonly onOutput: ChildProcess['onOutput']
  readonly onExit: ChildProcess['onExit']
  hasEnded(): boolean
  /** Told to everybody, once. */
  end(exit: ChildExit): void
} {
  let ended: ChildExit | undefined
  const onEnd = new Set<(exit: ChildExit) => void>()

  return {
    hasEnded: () => ended !== undefined,
    end(exit) {
      if (ended) return
      ended = exit
      for (const listener of onEnd) listener(exit)
      onEnd.clear()
    },
    onOutput(listener) {
      const take = (chunk: Buffer) => listener(chunk.toString('utf8'))
      for (const stream of streams) stream?.on('data', take)
      return () => {
        for (const stream of streams) stream?.off('data', take)
      }
    },
    onExit(listener) {
      if (ended) listener(ended)
      else onEnd.add(listener)
      return () => {
        onEnd.delete(listener)
      }
    },
  }
}
