import { z } from 'zod'
import { type Notice, type NoticeBoard, noticeSchema } from '../contract/notice.ts'
import type { Clock } from '../lib/clock.ts'
import type { Dispose } from '../lib/dispose.ts'
import { createEmitter } from '../lib/emitter.ts'
import type { Logger } from '../lib/log.ts'
import type { Store } from '../store/index.ts'

const row = z.object({
  id: z.string(),
  severity: z.string(),
  sentence: z.string(),
  params: z.string(),
  since_at: z.number(),
})

export interface Notices extends NoticeBoard {
  /** Newest first. */
  list(): Notice[]
  onChange(listener: (notices: Notice[]) => void): Dispose
}

/** Notices outlive a restart: who was away must still be told. */
export function createNotices(deps: {
  readonly store: Store
  readonly clock: Clock
  readonly log: Logger
}): Notices {
  const { store, clock, log } = deps
  const emitter = createEmitter<{ changed: Notice[] }>(thrown =>
    log.error('a listener of the notices failed', { cause: thrown }),
  )
  const known = new Map(readStored(store, log).map(notice => [notice.id, notice]))
  const list = () => [...known.values()].sort((a, b) => b.sinceAt - a.sinceAt)
  /** A full disk may be the very thing to tell: a notice that cannot be kept is told all the same. */
  const keep = (write: () => void) => {
    try {
      write()
    } catch (thrown) {
      log.warn('notice could not be kept', { cause: thrown })
    }
  }

  return {
    list,
    onChange: listener => emitter.on('changed', listener),
    raise(news) {
      const notice: Notice = { ...news, sinceAt: clock.now() }
      const { id, severity, sentence, params, sinceAt } = notice
      known.set(id, notice)
      keep(() =>
        store.run(
          'INSERT OR REPLACE INTO notice (id, severity, sentence, params, since_at) VALUES (?, ?, ?, ?, ?)',
          [id, severity, sentence, JSON.stringify(params), sinceAt],
        ),
      )
      emitter.emit('changed', list())
    },
    withdraw(id) {
      if (!known.delete(id)) return
      keep(() => store.run('DELETE FROM notice WHERE id = ?', [id]))
      emitter.emit('changed', list())
    },
  }
}

function readStored(store: Store, log: Logger): Notice[] {
  return store.all('SELECT * FROM notice', [], row).flatMap(({ since_at, params, ...rest }) => {
    const notice = noticeSchema.safeParse({ ...rest, params: readJson(params), sinceAt: since_at })
    if (notice.success) return [notice.data]
    log.warn('stored notice is not of a form this Gantry knows', { id: rest.id })
    return []
  })
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // The schema refuses it.
    return undefined
  }
}
