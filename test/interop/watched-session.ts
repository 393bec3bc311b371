import type { PrinterSession, SessionEvent } from '../../src/main/printers/driver/driver.ts'

const limitMs = 30_000

type Event<Kind extends SessionEvent['kind']> = Extract<SessionEvent, { kind: Kind }>

/** A session with everything it said, waited for in real time: nobody owns the clock of real software. */
export interface WatchedSession {
  readonly session: PrinterSession
  readonly events: readonly SessionEvent[]
  /** From here on `next` looks only at what is said later. */
  mark(): void
  next<Kind extends SessionEvent['kind']>(
    kind: Kind,
    fits?: (event: Event<Kind>) => boolean,
  ): Promise<Event<Kind>>
}

export function watch(session: PrinterSession): WatchedSession {
  const events: SessionEvent[] = []
  const waiting = new Set<() => void>()
  let marked = 0
  session.on(event => {
    events.push(event)
    for (const look of waiting) look()
  })
  return {
    session,
    events,
    mark() {
      marked = events.length
    },
    next<Kind extends SessionEvent['kind']>(kind: Kind, fits: (event: Event<Kind>) => boolean = () => true) {
      const isWanted = (event: SessionEvent): event is Event<Kind> =>
        event.kind === kind && fits(event as Event<Kind>)
      return new Promise<Event<Kind>>((resolve, reject) => {
        const done = () => {
          clearTimeout(limit)
          waiting.delete(look)
        }
        const look = () => {
          const found = events.slice(marked).find(isWanted)
          if (found === undefined) return
          done()
          resolve(found)
        }
        const limit = setTimeout(() => {
          done()
          const last = events.slice(-8).map(event => JSON.stringify(event).slice(0, 200))
          reject(new Error(`no fitting “${kind}” within ${limitMs} ms; the last said:\n${last.join('\n')}`))
        }, limitMs)
        waiting.add(look)
        look()
      })
    },
  }
}
