import { GantryError, isGantryError, toGantryError } from '../contract/error.ts'
import type { Link } from '../contract/printer.ts'
import type { Clock } from '../lib/clock.ts'
import type { Logger } from '../lib/log.ts'
import type { DriverContext, PrinterDriver, PrinterSession, SessionEvent } from './driver/driver.ts'
import { linkReasonOf } from './link-reason.ts'

/** printer-protocols 12: 1, 2, 4 ... 30 s, each moved by up to 20 %, from 1 s again after a minute of health. */
const firstDelayMs = 1_000
const longestDelayMs = 30_000
const jitter = 0.2
const healthyAfterMs = 60_000
/** A wrong key does not become right by trying, and some printers lock who tries too often. */
const wrongKeyDelayMs = 300_000
/** For a whole opening, whatever the driver does in it; one that needs longer says so. */
const usualOpenLimitMs = 30_000

/** Keeps one line up. It owns reconnection and nothing else; in particular it never resumes anything. */
export interface Connection {
  start(): void
  /** For good: nothing opens it again. Resolves when nothing is open any more, which takes a while where a print must be cooled. */
  stop(): Promise<void>
  /** Now instead of at the next turn: the person asked, or the network came back. */
  retry(): void
  /** The next turn now, counted like any other; nothing while one is under way. */
  tryNow(): void
  /** The config is another one: what was open is closed first. A person said so, or somebody saw it elsewhere. */
  restart(): void
  session(): PrinterSession | undefined
}

export interface ConnectionDeps {
  readonly driver: PrinterDriver
  readonly config: () => unknown
  readonly context: (signal: AbortSignal) => DriverContext
  readonly clock: Clock
  readonly random: () => number
  readonly log: Logger
  readonly onLink: (link: Link) => void
  readonly onEvent: (event: Exclude<SessionEvent, { kind: 'ended' }>) => void
}

export function retryDelayMs(attempts: number, random: number): number {
  const delayMs = Math.min(longestDelayMs, firstDelayMs * 2 ** Math.min(10, attempts - 1))
  return Math.round(delayMs * (1 + jitter * (2 * random - 1)))
}

export function createConnection(deps: ConnectionDeps): Connection {
  const { clock, log, driver } = deps
  const onCable = driver.form.some(({ kind }) => kind === 'port')
  let life: AbortController | undefined
  let session: PrinterSession | undefined
  let attempts = 0
  let cancelTimer = () => {}
  let opening: Promise<void> = Promise.resolve()
  let closing: Promise<void> = Promise.resolve()
  let isOver = false

  const say = (state: Link['state'], about: Partial<Link> = {}) =>
    deps.onLink({ state, since: clock.now(), ...about })

  const lost = (own: AbortController, reason: GantryError) => {
    if (life !== own) return
    life = undefined
    session = undefined
    own.abort()
    attempts++
    const wrongKey = isGantryError(reason, 'printer.credentials')
    const delayMs = wrongKey ? wrongKeyDelayMs : retryDelayMs(attempts, deps.random())
    if (attempts === 1)
      log.info('the line to a printer is down', { code: reason.code, message: reason.message })
    else log.debug('a printer still does not answer', { code: reason.code, attempts })
    const cause = linkReasonOf(reason, onCable)
    const why = { reason: reason.code, text: reason.message, cause, attempts }
    cancelTimer()
    // Only a person may open this one.
    if (isGantryError(reason, 'printer.left-alone')) return say('offline', why)
    say('offline', { ...why, retryAt: clock.now() + delayMs })
    cancelTimer = clock.after(delayMs, 'printers.reconnect', () => open())
  }

  const open = (byHand = false) => {
    cancelTimer()
    if (isOver) return
    const own = new AbortController()
    life = own
    say('connecting', attempts > 0 ? { attempts } : {})
    const limitMs = driver.openLimitMs ?? usualOpenLimitMs
    const limit = clock.after(limitMs, 'printers.open', () =>
      lost(
        own,
        new GantryError(
          'wire.timeout',
          `The printer did not finish its greeting within ${Math.round(limitMs / 1_000)} s.`,
        ),
      ),
    )
    opening = closing
      .then(() => driver.open(deps.config(), { ...deps.context(own.signal), byHand }))
      .then(async opened => {
        limit()
        if (life !== own) {
          await opened.close()
          return
        }
        session = opened
        say('online')
        log.info('the line to a printer is up', {})
        const health = clock.after(healthyAfterMs, 'printers.health', () => {
          attempts = 0
        })
        own.signal.addEventListener('abort', health)
        opened.on(event => {
          if (life !== own) return
          if (event.kind === 'ended') lost(own, event.reason)
          else deps.onEvent(event)
        })
      })
      .catch((thrown: unknown) => {
        limit()
        lost(own, toGantryError(thrown))
      })
  }

  const drop = () => {
    cancelTimer()
    const [own, opened] = [life, session]
    life = undefined
    session = undefined
    own?.abort()
    closing = Promise.resolve(opened?.close()).catch(() => {})
  }

  return {
    start: () => open(),
    async stop() {
      isOver = true
      drop()
      // Whoever is told to give up opening lets go of the port a moment later.
      await Promise.all([opening, closing])
    },
    retry() {
      if (session !== undefined) return
      drop()
      attempts = 0
      open(true)
    },
    tryNow() {
      if (life === undefined) open()
    },
    restart() {
      drop()
      attempts = 0
      open()
    },
    session: () => session,
  }
}
