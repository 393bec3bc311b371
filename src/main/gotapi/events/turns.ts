import { GantryError } from '../../contract/error.ts'
import { limits } from './limits.ts'

/** One after the other for each key, in the order they came; at once where nobody is before them. */
export function createTurns() {
  const waitingByKey = new Map<string, (() => void)[]>()

  return {
    async take<T>(key: string, work: () => Promise<T>): Promise<T> {
      const waiting = waitingByKey.get(key)
      if (!waiting) waitingByKey.set(key, [])
      else if (waiting.length < limits.waiting) await new Promise<void>(resolve => waiting.push(resolve))
      else throw new GantryError('auth.too-often', 'Too many calls about this one address wait already.')
      try {
        return await work()
      } finally {
        const next = waitingByKey.get(key)?.shift()
        if (next) next()
        else waitingByKey.delete(key)
      }
    },
  }
}
