import type { GantryError } from '../../contract/error.ts'
import type { Dispose } from '../../lib/dispose.ts'
import type { SessionEvent } from './driver.ts'

/**
 * How a session speaks. Keeps what still holds for a listener who comes late, says `ended` once and nothing
 * after it or after `silence`.
 */
export interface SessionVoice {
  say(event: Exclude<SessionEvent, { kind: 'ended' }>): void
  end(reason: GantryError): void
  silence(): void
  on(listener: (event: SessionEvent) => void): Dispose
  readonly over: boolean
}

export function createSessionVoice(onEnd: () => void = () => {}): SessionVoice {
  const listeners = new Set<(event: SessionEvent) => void>()
  const said = new Map<string, SessionEvent>()
  let over = false

  const tell = (event: SessionEvent) => {
    for (const listener of [...listeners]) listener(event)
  }
  return {
    get over() {
      return over
    },
    say(event) {
      if (over) return
      remember(said, event)
      tell(event)
    },
    end(reason) {
      if (over) return
      over = true
      const event: SessionEvent = { kind: 'ended', reason }
      said.set('ended', event)
      onEnd()
      tell(event)
    },
    silence() {
      over = true
      listeners.clear()
      said.clear()
    },
    on(listener) {
      const own = (event: SessionEvent) => listener(event)
      for (const event of [...said.values()]) own(event)
      listeners.add(own)
      return () => {
        listeners.delete(own)
      }
    },
  }
}

function remember(said: Map<string, SessionEvent>, event: SessionEvent): void {
  if (event.kind === 'line' || event.kind === 'files-changed') return
  if (event.kind === 'fault-cleared') {
    for (const key of [...said.keys()]) {
      if (event.class ? key === `fault ${event.class}` : key.startsWith('fault ')) said.delete(key)
    }
    return
  }
  const key = keyOf(event)
  said.delete(key)
  said.set(key, event)
}

function keyOf(event: SessionEvent): string {
  if (event.kind === 'fault') return `fault ${event.fault.class}`
  if (event.kind === 'heaters') return `heaters ${event.heaters.map(({ id }) => id).join(' ')}`
  return event.kind
}
