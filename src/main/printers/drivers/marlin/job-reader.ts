import type { Job } from '../../../contract/printer.ts'
import type { Clock } from '../../../lib/clock.ts'
import type { SessionVoice } from '../../driver/session-voice.ts'
import type { StreamStatus } from './host/protocol.ts'
import type { CardState } from './machine-state.ts'
import type { Reply } from './wire/reply.ts'

/** "Not printing" that often in a row without the end marker: it is over, and nobody said finished. */
const NOT_PRINTING_LIMIT = 3

const overStates: Partial<Record<StreamStatus['state'], Job['state']>> = {
  finished: 'done',
  cancelled: 'cancelled',
  failed: 'failed',
  paused: 'paused',
  pausing: 'running',
}

/** The one print there can be, from this machine's disk or from the printer's card. */
export interface JobReader {
  /** A file of this machine's has a name alone: where it lies is nobody's business who sees the printer. */
  begin(from: 'disk' | 'card', file: { readonly name: string; readonly path?: string }): void
  status(status: StreamStatus): void
  card(reply: Reply): void
  progress(reply: Extract<Reply, { kind: 'progress' }>): void
  cardIs(state: CardState): void
  lost(): void
  readonly stream: StreamStatus['state']
  readonly cardState: CardState
  /** Something is printing, whoever feeds it. */
  readonly running: boolean
}

export function createJobReader(voice: SessionVoice, clock: Clock): JobReader {
  let job: Job = { state: 'none' }
  let stream: StreamStatus['state'] = 'none'
  let cardState: CardState = 'none'
  let notPrinting = 0
  let chosen = ''
  let count = 0

  const tell = (next: Job) => {
    const over = ['done', 'cancelled', 'failed'].includes(next.state)
    const elapsedS =
      next.startedAt === undefined ? undefined : Math.max(0, (clock.now() - next.startedAt) / 1000)
    job = {
      ...next,
      ...(elapsedS === undefined || job.endedAt !== undefined ? {} : { elapsedS: Math.round(elapsedS) }),
      ...(over && next.endedAt === undefined ? { endedAt: clock.now() } : {}),
    }
    voice.say({ kind: 'job', job })
  }
  const begin = (file: { readonly name: string; readonly path?: string }) => {
    count += 1
    job = { state: 'none' }
    tell({ state: 'running', id: `${count}`, ...file, progress: 0, startedAt: clock.now() })
  }
  const beginCard = (path: string) => {
    if (cardState !== 'none') return
    cardState = 'printing'
    notPrinting = 0
    begin({ path, name: path.split('/').at(-1) || 'a file on its card' })
  }
  const endCard = (state: Job['state']) => {
    if (cardState === 'none') return
    cardState = 'none'
    tell({ ...job, state, ...(state === 'done' ? { progress: 1 } : {}) })
  }
  const idleCard = () => {
    if (cardState === 'none' || cardState === 'paused') return
    if (cardState === 'cancelling') endCard('cancelled')
    else if (++notPrinting >= NOT_PRINTING_LIMIT) endCard('cancelled')
  }

  return {
    get stream() {
      return stream
    },
    get cardState() {
      return cardState
    },
    get running() {
      return cardState !== 'none' || job.state === 'running' || job.state === 'paused'
    },
    begin(from, { name, path = name }) {
      if (from === 'disk') begin({ name })
      else beginCard(path)
    },
    status(status) {
      stream = status.state
      if (job.state === 'none' || job.endedAt !== undefined) return
      const progress = status.sizeBytes > 0 ? Math.min(1, status.acknowledgedBytes / status.sizeBytes) : 0
      tell({
        ...job,
        state: overStates[status.state] ?? 'running',
        progress: status.state === 'finished' ? 1 : progress,
      })
    },
    card(reply) {
      if (reply.kind === 'card-opened') chosen = reply.name
      else if (reply.kind === 'card-started') startedAtPanel(reply.command)
      else if (reply.kind === 'card-done') endCard('done')
      else if (reply.kind === 'card-idle') idleCard()
      else if (reply.kind === 'card-paused') cardState = cardState === 'none' ? 'none' : 'paused'
      else if (reply.kind === 'card-progress') {
        // It was printing before we came, or was started at the panel.
        if (cardState === 'none') beginCard(chosen)
        notPrinting = 0
        tell({ ...job, progress: Math.min(1, reply.atByte / reply.sizeBytes) })
      }
    },
    progress({ remainingMin }) {
      if (job.state === 'running' && remainingMin !== undefined)
        tell({ ...job, remainingS: remainingMin * 60 })
    },
    cardIs(state) {
      if (cardState === 'none') return
      cardState = state
      tell({ ...job, state: state === 'paused' ? 'paused' : 'running' })
    },
    lost() {
      if (job.state === 'running' || job.state === 'paused') {
        // A print from card goes on without us: whether it failed, only the printer knows.
        if (cardState === 'none') tell({ ...job, state: 'failed' })
      }
    },
  }

  function startedAtPanel(command: string): void {
    const file = /^M23\s+(\S+)/.exec(command)?.[1]
    if (file !== undefined) chosen = file
    else beginCard(chosen)
  }
}
