import type { Clock } from '../lib/clock.ts'
import type { Dispose } from '../lib/dispose.ts'
import type { Logger } from '../lib/log.ts'
import { createExchange, type Exchange, type Outcome, type Question } from './exchange.ts'
import type { PluginLimits } from './limits.ts'
import type { EventMessage, LifecycleMessage } from './plugin.ts'
import type { HostPort } from './port.ts'
import { type Supervision, type SupervisionInput, supervise } from './supervision.ts'

/** How many keep-alives in a row may go unanswered: one is lost when the machine wakes from sleep. */
const missedKeepAlives = 2

export interface RuntimeDeps {
  readonly clock: Clock
  readonly log: Logger
  readonly limits: PluginLimits
  readonly uuid: () => string
  /** 0 to 1, spreads restarts. */
  readonly chance: () => number
  /** Starts the plug-in anew. */
  readonly open: () => HostPort
  /** Whether somebody must ask it now and then if it still lives: not one in our own process. */
  readonly keepAlive: boolean
  readonly sender: { readonly product: string; readonly version: string }
  readonly onEvent: (event: EventMessage) => void
  /** Every change of state; a new life begins with `running`. */
  readonly onState: (state: Supervision) => void
}

/** One plug-in through all its lives: started, watched, started again, given up. */
export interface Runtime {
  state(): Supervision
  /** Crashes since Gantry started. */
  restarts(): number
  /** When it is started again, while it waits for that. */
  startsAgainAt(): number | undefined
  switchOn(): void
  switchOff(): Promise<void>
  restart(): Promise<void>
  ask(question: Question, limitMs: number, signal?: AbortSignal): Promise<Outcome>
  tell(message: Omit<LifecycleMessage, 'product' | 'version'>): void
}

interface Life {
  readonly port: HostPort
  readonly exchange: Exchange
  readonly end: Dispose
}

export function createRuntime(deps: RuntimeDeps): Runtime {
  const { clock, log, limits } = deps
  let state: Supervision = { kind: 'off' }
  let life: Life | undefined
  let restarts = 0
  let startsAgainAt: number | undefined
  let stopWaiting: Dispose = () => {}

  const feed = (input: SupervisionInput) => {
    const before = state
    state = supervise(state, input, limits)
    if (state === before) return
    stopWaiting()
    startsAgainAt = state.kind === 'waiting' ? clock.now() + state.delayMs : undefined
    if (state.kind === 'running') begin()
    if (state.kind === 'waiting')
      stopWaiting = clock.after(state.delayMs, 'plug-in restart', () => {
        restarts += 1
        feed({ kind: 'wait-over' })
      })
    deps.onState(state)
  }

  const crash = (of: Life, reason: string) => {
    if (life !== of) return
    life = undefined
    of.end()
    log.warn('a plug-in stopped by itself', { reason })
    feed({ kind: 'crashed', atMs: clock.elapsed(), reason, chance: deps.chance() })
    if (state.kind === 'given-up') log.error('a plug-in keeps stopping and is not started again', { reason })
  }

  const stopAndCrash = (of: Life, reason: string) => {
    crash(of, reason)
    void of.port.close()
  }

  const begin = () => {
    const port = deps.open()
    const exchange = createExchange({
      port,
      clock,
      log,
      limits,
      uuid: deps.uuid,
      onEvent: deps.onEvent,
      onFlood: () => stopAndCrash(born, 'It sent more messages than anybody could read.'),
    })
    const stopKeepAlive = deps.keepAlive ? watch(exchange, reason => stopAndCrash(born, reason)) : () => {}
    const born: Life = {
      port,
      exchange,
      end: () => {
        stopKeepAlive()
        exchange.end()
      },
    }
    life = born
    port.onClose(reason => crash(born, reason))
    exchange.tell({ action: 'MANAGER_LAUNCHED', ...deps.sender })
  }

  const watch = (exchange: Exchange, giveUp: (reason: string) => void): Dispose => {
    let missed = 0
    return clock.every(limits.keepAlivePeriodMs, 'plug-in keep-alive', () => {
      void exchange.ask({ action: 'KEEPALIVE' }, limits.keepAliveLimitMs).then(outcome => {
        missed = outcome.kind === 'late' ? missed + 1 : 0
        if (missed >= missedKeepAlives) giveUp('It did not answer any more.')
      })
    })
  }

  const finish = async () => {
    const last = life
    life = undefined
    last?.end()
    await last?.port.close()
  }

  return {
    state: () => state,
    restarts: () => restarts,
    startsAgainAt: () => startsAgainAt,
    switchOn: () => feed({ kind: 'switch-on' }),
    async switchOff() {
      feed({ kind: 'switch-off' })
      await finish()
    },
    async restart() {
      if (state.kind === 'off') return
      await finish()
      // A running plug-in that the owner starts anew passes through off, so that everybody sees a new life.
      state = { kind: 'off' }
      stopWaiting()
      feed({ kind: 'switch-on' })
    },
    async ask(question, limitMs, signal) {
      return life ? life.exchange.ask(question, limitMs, signal) : { kind: 'closed' }
    },
    tell(message) {
      life?.exchange.tell({ ...message, ...deps.sender })
    },
  }
}
