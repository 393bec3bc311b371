import type { Call, CallHandler, EventHandler, Handler, Payload } from '../../src/main/handlers/handler.ts'
import type { Dispose } from '../../src/main/lib/dispose.ts'

/** The owner's window, as it asks. */
export const ownCall: Call = {
  caller: { id: 'window', origin: 'app://gantry', name: 'window', isOwner: true },
  via: 'inside',
  leaving: () => new AbortController().signal,
}

export function callHandler(handlers: readonly Handler[], route: string): CallHandler {
  const found = handlers.find(each => each.kind === 'call' && each.route === route)
  if (found?.kind !== 'call') throw new Error(`nobody answers ${route}`)
  return found
}

export function eventHandler(handlers: readonly Handler[], route: string): EventHandler {
  const found = handlers.find(each => each.kind === 'event' && each.route === route)
  if (found?.kind !== 'event') throw new Error(`nobody tells ${route}`)
  return found
}

/** Follows alone, whichever way the handler tells. */
export async function followAlone(
  handler: EventHandler,
  emit: (payload: Payload) => void,
  call: Call = ownCall,
): Promise<Dispose> {
  const way = await handler.follow({}, call, emit)
  if (typeof way === 'function') return way
  const latest = way.latest()
  if (latest) emit(latest)
  return way.follow(emit)
}
