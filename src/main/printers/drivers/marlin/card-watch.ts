import type { Clock } from '../../../lib/clock.ts'
import type { ToHost } from './host/protocol.ts'
import type { Reader } from './reader.ts'
import { parseReply, type Reply } from './wire/reply.ts'

const PRINTING_MS = 4_000
const IDLE_MS = 5_000
/** What was heard longer ago says nothing of now: whoever prints from its card may let the question wait. */
const FRESH_MS = 15_000

/** Some firmware answers after its `ok`, and some not at all. */
const UNANSWERED_LIMIT = 3

type Prints = Extract<ToHost, { kind: 'card' }>['prints']

/**
 * Whether the printer prints from its own card: asked of every firmware, since many have a card and do not announce it.
 * One that does not know the question has none.
 */
export interface CardWatch {
  /** The first question. */
  begin(): Promise<void>
  turn(): Promise<void>
  /** Time has passed: what was known may be too old to be known. */
  review(): void
  readonly prints: Prints
}

export function createCardWatch(options: {
  readonly clock: Clock
  readonly reader: Reader
  /** M27 S is understood. */
  readonly reports: boolean
  readonly ask: (text: string) => Promise<readonly string[]>
  readonly onPrints: (prints: Prints) => void
}): CardWatch {
  const { clock, reader, ask } = options
  let answers: boolean | undefined
  let unanswered = 0
  let tellsFile: boolean | undefined
  let fileOpen: boolean | undefined
  let askedAtMs = 0
  let reporting = false
  let told: Prints = 'unknown'

  const prints = (): Prints => {
    if (reader.job.cardState !== 'none') return 'yes'
    // What is fed from here leaves no room for another.
    if (answers === false || reader.job.isFed) return 'no'
    const { cardIdleAtMs = Number.NEGATIVE_INFINITY } = reader.job
    const isFresh = clock.elapsed() - cardIdleAtMs <= FRESH_MS
    // A file that is open and heaters that are on may be a print that was paused before we came.
    return isFresh && !(fileOpen && reader.heaters.heating) ? 'no' : 'unknown'
  }
  const review = () => {
    const now = prints()
    if (now === told) return
    told = now
    options.onPrints(now)
  }
  const askState = async () => {
    askedAtMs = clock.elapsed()
    const replies = (await ask('M27')).flatMap(parseReply)
    if (replies.some(isOfCard) || reader.job.cardIdleAtMs !== undefined || reader.job.cardState !== 'none')
      answers = true
    else if (replies.some(({ kind }) => kind === 'unknown-command') || ++unanswered >= UNANSWERED_LIMIT)
      answers ??= false
    const isIdle = replies.some(({ kind }) => kind === 'card-idle')
    if (isIdle && (reader.job.cardState !== 'none' || fileOpen === undefined)) await askFile()
  }
  /** Marlin says the same of a print that was paused and of one that was stopped; only the first keeps its file open. */
  const askFile = async () => {
    if (tellsFile === false) return
    const file = (await ask('M27 C')).flatMap(parseReply).find(reply => reply.kind === 'card-file')
    tellsFile ??= file !== undefined
    fileOpen = file?.name !== undefined
    if (file) reader.job.card(file)
  }
  const report = async () => {
    const wanted = options.reports && reader.job.cardState !== 'none'
    if (wanted === reporting) return
    reporting = wanted
    await ask(wanted ? 'M27 S2' : 'M27 S0')
  }

  return {
    get prints() {
      return prints()
    },
    review,
    async begin() {
      await askState()
      review()
    },
    async turn() {
      if (answers === false || reader.job.isFed) return
      await report()
      const on = reader.job.cardState !== 'none'
      const dueMs = on ? PRINTING_MS : IDLE_MS
      // A report tells of a print that runs; whether one that does not was paused must be asked.
      const isTold = reporting && !reader.job.cardIsQuiet
      if (!isTold && clock.elapsed() - askedAtMs >= dueMs) await askState()
      review()
    },
  }
}

function isOfCard({ kind }: Reply): boolean {
  return kind === 'card-idle' || kind === 'card-progress' || kind === 'card-paused'
}
