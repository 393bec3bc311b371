import type { RouteResult } from '../../contract/routes.ts'
import type { Shared } from '../../handlers/handler.ts'
import type { Clock } from '../../lib/clock.ts'
import type { Dispose } from '../../lib/dispose.ts'
import type { Printers, PrinterView } from '../../printers/index.ts'

type List = RouteResult<'EVENT printers/list'>

/** What changes within this goes into one frame. */
const gatherMs = 50
/**
 * printer-protocols 12: a picture is at most twice a second anew. What a printer says after the first span is told
 * at once, because it is fresh; what it said within it waits for fresher news, until the second span is over.
 */
const calmMs = 450
const patienceMs = 700

export interface RoomFeed extends Shared<List> {
  readonly latest: () => List
}

/** All printers for who comes, then those that changed: a frame is made once, whoever follows. */
export function createRoomFeed(
  { printers, clock }: { readonly printers: Pick<Printers, 'list' | 'on'>; readonly clock: Clock },
  summary: (view: PrinterView) => List['printers'][number],
): RoomFeed {
  let sequence = 0

  const follow = (emit: (list: List) => void): Dispose => {
    const toldMs = new Map<string, number>()
    /** Those with something new, and whether it came since the last turn. */
    const news = new Map<string, 'fresh' | 'waiting'>()
    let removed = new Set<string>()
    let cancelTurn: Dispose | undefined

    const isDue = (id: string, since: 'fresh' | 'waiting', nowMs: number) =>
      nowMs - (toldMs.get(id) ?? Number.NEGATIVE_INFINITY) >= (since === 'fresh' ? calmMs : patienceMs)
    const turn = () => {
      cancelTurn = undefined
      const nowMs = clock.elapsed()
      const due = new Set<string>()
      for (const [id, since] of news) {
        news.set(id, 'waiting')
        if (!isDue(id, since, nowMs)) continue
        news.delete(id)
        toldMs.set(id, nowMs)
        due.add(id)
      }
      // One that is being removed has left the list before it says so.
      const told =
        due.size === 0
          ? []
          : printers
              .list()
              .filter(({ id }) => due.has(id))
              .map(summary)
      const gone = [...removed]
      removed = new Set()
      if (news.size > 0) plan()
      if (told.length + gone.length > 0)
        emit({ sequence: ++sequence, at: clock.now(), full: false, printers: told, removed: gone })
    }
    const plan = () => {
      cancelTurn ??= clock.after(gatherMs, 'printer3d room', turn)
    }
    const stops = [
      printers.on('changed', id => {
        news.set(id, 'fresh')
        plan()
      }),
      printers.on('removed', id => {
        news.delete(id)
        toldMs.delete(id)
        removed.add(id)
        plan()
      }),
    ]
    return () => {
      cancelTurn?.()
      for (const stop of stops) stop()
    }
  }

  return {
    latest: () => ({
      sequence,
      at: clock.now(),
      full: true,
      printers: printers.list().map(summary),
      removed: [],
    }),
    follow,
  }
}
