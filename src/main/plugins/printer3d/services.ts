import type { ServiceKind } from '../../contract/route.ts'
import type { Clock } from '../../lib/clock.ts'
import type { Dispose } from '../../lib/dispose.ts'
import type { Printers } from '../../printers/index.ts'
import { roomService, serviceOf } from './service.ts'
import { watchServices } from './service-watch.ts'

/** What the plug-in has to offer now. */
export interface Services {
  list(): readonly object[]
  /** Refuses an id that is nobody's. */
  kindOf(serviceId: string): ServiceKind
  /** Tells when what `list` says is not what it was. */
  watch(tell: () => void): Dispose
}

export function createServices(printers: Printers, clock: Clock): Services {
  return {
    list: () => [roomService, ...printers.list().map(serviceOf)],
    kindOf(serviceId) {
      if (serviceId === roomService.id) return 'room'
      printers.get(serviceId)
      return 'printer'
    },
    watch: tell => watchServices(printers, clock, tell),
  }
}
