import { createRegistrations } from '../../follow/index.ts'
import { toGantryError } from '../contract/error.ts'
import { paramsToText } from '../contract/params.ts'
import { type EventLine, type Gateway, windowOrigin } from '../gotapi/index.ts'
import type { Clock } from '../lib/clock.ts'
import type { Dispose } from '../lib/dispose.ts'
import type { Logger } from '../lib/log.ts'
import type { Body } from './gateway-answer.ts'
import type { GatewaySession } from './gateway-session.ts'

export type TextParams = Readonly<Record<string, string>>

export interface Follower {
  readonly onEvent: (frame: Body) => void
  /** Nothing will come: the engine said no. */
  readonly onRefused: (answer: Body) => void
}

export interface GatewayEvents {
  follow(path: string, params: TextParams, follower: Follower): Dispose
  close(): void
}

interface GatewayEventsOptions {
  readonly gateway: Gateway
  readonly clock: Clock
  readonly log: Logger
  readonly session: GatewaySession
  readonly call: (method: string, path: string, params: TextParams, signal: AbortSignal) => Promise<Body>
}

const REOPEN_FIRST_MS = 250
const REOPEN_LONGEST_MS = 5_000

/** GotAPI-5 for one window: the line inside the program, under what the window follows. */
export function createGatewayEvents({
  gateway,
  clock,
  log,
  session,
  call,
}: GatewayEventsOptions): GatewayEvents {
  let line: { readonly close: Dispose } | undefined
  let isOpening = false
  let isClosed = false
  let reopenMs = REOPEN_FIRST_MS
  let cancelReopen: Dispose = () => {}

  const registrations = createRegistrations({
    call: (method, path, params, signal) => call(method, path, paramsToText(params), signal),
    wantLine: () => void open(),
    releaseLine: () => cancelReopen(),
    renewLine: () => {
      letGo()
      reopenLater()
    },
    later: (delayMs, act) => clock.after(delayMs, 'shell: a registration rests', act),
  })

  function letGo(): void {
    const old = line
    line = undefined
    old?.close()
  }

  async function open(): Promise<void> {
    if (line || isOpening || isClosed) return
    isOpening = true
    cancelReopen()
    try {
      const token = await session.token()
      if (!connect(token) && !connect(await session.renew(token)))
        throw new Error('the line for events was refused')
    } catch (thrown) {
      log.error('the window’s line for events cannot be opened', { error: toGantryError(thrown) })
      reopenLater()
    } finally {
      isOpening = false
    }
  }

  function connect(accessToken: string): boolean {
    if (isClosed) return true
    const own: EventLine = {
      onFrame: frame => registrations.deliver(frame),
      onClose: reason => {
        if (line !== opened) return
        line = undefined
        registrations.lineDown()
        log.info('the window’s line for events closed', { reason })
        reopenLater()
      },
    }
    const { answer, close } = gateway.connect(
      { accessToken, origin: { origin: windowOrigin }, via: 'inside' },
      own,
    )
    const opened = { close }
    if (answer.result !== 0) return false
    line = opened
    reopenMs = REOPEN_FIRST_MS
    registrations.lineUp()
    return true
  }

  function reopenLater(): void {
    cancelReopen()
    if (isClosed || registrations.size === 0) return
    cancelReopen = clock.after(reopenMs, 'shell: the line for events opens again', () => void open())
    reopenMs = Math.min(reopenMs * 2, REOPEN_LONGEST_MS)
  }

  return {
    follow: (path, params, follower) => registrations.follow(path, params, follower),
    close() {
      isClosed = true
      registrations.close()
      cancelReopen()
      letGo()
    },
  }
}
