import type { Clock } from '../../../lib/clock.ts'
import type { ToldJob } from '../../driver/driver.ts'
import type { SessionVoice } from '../../driver/session-voice.ts'
import type { StreamStatus } from './host/protocol.ts'
import type { CardState } from './machine-state.ts'
import type { Reply } from './wire/reply.ts'

/** "Not printing" that often in a row without the end marker: it is over, and nobody said finished. */
const NOT_PRINTING_LIMIT = 3

/** One there is, or was. */
type Told = Extract<ToldJob, { run: string }>

const overStates: Partial<Record<StreamStatus['state'], Told['state']>> = {
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
  /** There is a print from card, and it was last said not to run. */
  readonly cardIsQuiet: boolean
  /** When the printer last said that it prints nothing from its card. */
  readonly cardIdleAtMs: number | undefined
  /** It is fed from this machine's disk. */
  readonly isFed: boolean
  /** Something is printing, whoever feeds it. */
  readonly running: boolean
}

const unfed = new Set<StreamStatus['state']>(['none', 'finished', 'cancelled', 'failed'])

/** `heating`: a heater has a target. */
export function createJobReader(voice: SessionVoice, clock: Clock, heating: () => boolean): JobReader {
  let job: Told | undefined
  let stream: StreamStatus['state'] = 'none'
  let cardState: CardState = 'none'
  let notPrinting = 0
  /** Of the file of a print that does not run, where the firmware tells. */
  let fileOpen: boolean | undefined
  /** It was over by all signs, before its end marker: Marlin prints that when the last move is done. */
  let endInferred = false
  let atByte = 0
  let idleAtMs: number | undefined
  let chosen = ''
  let count = 0

  const tell = (next: Told) => {
    const over = ['done', 'cancelled', 'failed'].includes(next.state)
    const elapsedS =
      next.startedAt === undefined ? undefined : Math.max(0, (clock.now() - next.startedAt) / 1000)
    job = {
      ...next,
      ...(elapsedS === undefined || job?.endedAt !== undefined ? {} : { elapsedS: Math.round(elapsedS) }),
      ...(over && next.endedAt === undefined ? { endedAt: clock.now() } : {}),
    }
    voice.say({ kind: 'job', job })
  }
  const begin = (file: { readonly name: string; readonly path?: string }) => {
    count += 1
    job = undefined
    tell({ state: 'running', run: `${clock.now()}-${count}`, ...file, progress: 0, startedAt: clock.now() })
  }
  const beginCard = (path: string) => {
    if (cardState !== 'none') return
    cardState = 'printing'
    notPrinting = 0
    atByte = 0
    fileOpen = undefined
    endInferred = false
    begin({ path, name: path.split('/').at(-1) || 'a file on its card' })
  }
  const endCard = (state: Told['state']) => {
    if (cardState === 'none') return
    cardState = 'none'
    if (job) tell({ ...job, state, ...(state === 'done' ? { progress: 1 } : {}) })
  }
  const cardIs = (state: CardState) => {
    if (cardState === 'none' || cardState === state) return
    cardState = state
    if (job) tell({ ...job, state: state === 'paused' ? 'paused' : 'running' })
  }
  /** Not printing: cancelled, finished, or paused at the panel, which Marlin says with the same words. */
  const idleCard = () => {
    idleAtMs = clock.elapsed()
    if (cardState === 'none') return
    if (cardState === 'cancelling') return endCard('cancelled')
    notPrinting += 1
    if (notPrinting < NOT_PRINTING_LIMIT) return
    // A print that was stopped is cold; one that was paused keeps its heat.
    if (fileOpen ?? heating()) return cardIs('paused')
    endInferred = true
    endCard('cancelled')
  }
  const doneCard = () => {
    if (cardState !== 'none') return endCard('done')
    if (!endInferred) return
    endInferred = false
    if (job) tell({ ...job, state: 'done', progress: 1 })
  }

  return {
    get stream() {
      return stream
    },
    get cardState() {
      return cardState
    },
    get cardIsQuiet() {
      return cardState !== 'none' && (notPrinting > 0 || cardState !== 'printing')
    },
    get cardIdleAtMs() {
      return idleAtMs
    },
    get isFed() {
      return !unfed.has(stream)
    },
    get running() {
      return cardState !== 'none' || job?.state === 'running' || job?.state === 'paused'
    },
    begin(from, { name, path = name }) {
      if (from === 'disk') begin({ name })
      else beginCard(path)
    },
    status(status) {
      stream = status.state
      if (job === undefined || job.endedAt !== undefined) return
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
      else if (reply.kind === 'card-done') doneCard()
      else if (reply.kind === 'card-idle') idleCard()
      else if (reply.kind === 'card-file') fileOpen = reply.name !== undefined
      else if (reply.kind === 'card-paused') {
        if (cardState === 'none') beginCard(chosen)
        cardIs('paused')
      } else if (reply.kind === 'card-progress') {
        // It was printing before we came, or was started or resumed at the panel.
        if (cardState === 'none') beginCard(chosen)
        // RepRapFirmware says this of a paused print, too: only one that reads on has been resumed.
        else if (cardState === 'paused' && reply.atByte > atByte) cardIs('printing')
        notPrinting = 0
        atByte = reply.atByte
        if (job) tell({ ...job, progress: Math.min(1, reply.atByte / reply.sizeBytes) })
      }
    },
    progress({ remainingMin }) {
      if (job?.state === 'running' && remainingMin !== undefined)
        tell({ ...job, remainingS: remainingMin * 60 })
    },
    cardIs,
    lost() {
      if (job?.state === 'running' || job?.state === 'paused') {
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
