import { isGantryError } from '../contract/error.ts'
import type { Clock } from '../lib/clock.ts'
import type { Logger } from '../lib/log.ts'
import { sentenceOf, type Trouble } from './trouble.ts'

const stopSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
const mistakes = ['uncaughtException', 'unhandledRejection'] as const

/** A service manager that asked for the end kills after 90 seconds; a print may take a minute of it to be parked. */
const stopLimitMs = 85_000
/** Of somebody who will not wait. */
const forcedCode = 130
const keepAliveMs = 60_000

/** What we use of `process`. */
export interface ProcessEvents {
  on(name: (typeof stopSignals)[number] | (typeof mistakes)[number], hear: (thrown: unknown) => void): unknown
}

export interface WayOutOptions {
  readonly source: ProcessEvents
  readonly clock: Clock
  /** Tells the person, and resolves when they have read it; what stops meanwhile does not wait for that. */
  readonly tell: (trouble: Trouble, sentence: string) => Promise<void>
  readonly exit: (code: number) => void
}

/**
 * The one way out of the program, with and without a window: whoever asks for it, all is stopped in order, once and
 * within a limit, and then the process ends. A mistake nobody caught leads here too: what state it left behind
 * nobody knows, and a print must not be fed from there (docs/decisions/0091).
 */
export interface WayOut {
  /** From now on there is something to stop on the way, and a log; signals lead here too. In Electron when it is ready. */
  leadThrough(program: { readonly log: Logger; readonly stop: () => Promise<void> }): void
  /** Somebody wants to quit. */
  leave(): Promise<void>
  /** Gantry could not start. */
  fail(thrown: unknown): Promise<void>
  isLeaving(): boolean
}

export function createWayOut({ source, clock, tell, exit }: WayOutOptions): WayOut {
  let log: Logger | undefined
  let stop = async () => {}
  let told: Promise<void> = Promise.resolve()
  let leaving: Promise<void> | undefined
  let isStopped = false
  let code = 0
  let signals = 0
  let hearsSignals = false

  const failed = (sentence: string, thrown?: unknown) => {
    code = 1
    log?.error(sentence, { cause: thrown })
  }
  const stopInTime = () =>
    new Promise<void>(resolve => {
      const giveUp = clock.after(stopLimitMs, 'way out', () => {
        failed('Gantry did not stop in its time, leaving as it is')
        resolve()
      })
      Promise.resolve()
        .then(() => stop())
        .catch(thrown => failed('stopping failed', thrown))
        .finally(() => {
          giveUp()
          resolve()
        })
    })
  const goOut = async () => {
    // Timers of the clock keep no process alive: one that hangs while it stops would end unseen, in the middle.
    const alive = setInterval(() => undefined, keepAliveMs)
    await stopInTime()
    isStopped = true
    await told
    clearInterval(alive)
    exit(code)
  }
  const leave = () => {
    leaving ??= goOut()
    return leaving
  }
  const leaveFor = (trouble: Trouble, thrown: unknown) => {
    told = tell(trouble, sentenceOf(trouble, thrown)).catch(why => failed('the person was not told', why))
    return leave()
  }

  const onSignal = (signal: string) => {
    signals += 1
    // One that comes while a mistake or a menu ends Gantry already must not cut a print off.
    if (isStopped || signals > 1) {
      log?.warn('leaving at once', { signal })
      exit(isStopped ? code : forcedCode)
      return
    }
    log?.info('signal received, stopping', { signal })
    void leave()
  }
  const hearSignals = () => {
    if (hearsSignals) return
    hearsSignals = true
    for (const signal of stopSignals) source.on(signal, () => onSignal(signal))
  }
  for (const name of mistakes) {
    source.on(name, thrown => {
      failed('a mistake nobody caught, Gantry stops', thrown)
      if (leaving === undefined) void leaveFor('mistake', thrown)
    })
  }

  return {
    leadThrough(program) {
      log = program.log
      stop = program.stop
      // Not before: once it is ready, Electron puts its own listeners in the place of those that were there.
      hearSignals()
    },
    leave,
    async fail(thrown) {
      if (leaving !== undefined) {
        // What was called off by whoever leaves is no failure of its own.
        if (!isGantryError(thrown, 'cancelled')) failed('starting failed on the way out', thrown)
        return leaving
      }
      failed('Gantry could not start', thrown)
      hearSignals()
      return leaveFor('start', thrown)
    },
    isLeaving: () => leaving !== undefined,
  }
}
