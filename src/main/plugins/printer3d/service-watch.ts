import type { Clock } from '../../lib/clock.ts'
import type { Dispose } from '../../lib/dispose.ts'
import type { Printers } from '../../printers/index.ts'
import { serviceOf } from './service.ts'

/** While a room wakes up its printers come one by one; everybody who then asks for all services is not told of each. */
const spacingMs = 250

/** Tells when what is said of the services is not what it was: at once, and then at most four times a second. */
export function watchServices(
  printers: Pick<Printers, 'list' | 'get' | 'on'>,
  clock: Clock,
  tell: () => void,
): Dispose {
  const told = new Map<string, string>()
  let quietUntil = Number.NEGATIVE_INFINITY
  let cancelTimer: Dispose | undefined

  const say = () => {
    cancelTimer = undefined
    quietUntil = clock.elapsed() + spacingMs
    tell()
  }
  const changed = () => {
    const waitMs = quietUntil - clock.elapsed()
    if (waitMs <= 0) say()
    else cancelTimer ??= clock.after(waitMs, 'printer3d services', say)
  }
  const look = (id: string) => {
    const now = JSON.stringify(serviceOf(printers.get(id)))
    if (told.get(id) === now) return
    told.set(id, now)
    changed()
  }
  for (const { id } of printers.list()) told.set(id, '')
  const stops = [
    printers.on('changed', look),
    printers.on('removed', id => {
      told.delete(id)
      changed()
    }),
  ]
  return () => {
    cancelTimer?.()
    for (const stop of stops) stop()
  }
}
