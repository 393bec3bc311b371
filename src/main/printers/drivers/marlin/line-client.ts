import { GantryError } from '../../../contract/error.ts'
import type { Dispose } from '../../../lib/dispose.ts'
import type { DriverContext } from '../../driver/driver.ts'
import { type HostLink, startHost } from './host/link.ts'
import type { FromHost, PrintPlan, Problem, ToHost } from './host/protocol.ts'

const CLOSE_LIMIT_MS = 65_000
const BANNER_LINES = 200

/** An open serial line, as a session uses it: commands with answers, and what is heard in between. */
export interface LineClient {
  /** What the firmware printed before its `ok`. */
  command(text: string): Promise<readonly string[]>
  print(plan: PrintPlan): Promise<void>
  tell(message: ToHost): void
  onMessage(listener: (message: FromHost) => void): Dispose
  /** What the firmware said while it booted. */
  readonly banner: readonly string[]
  /** Resolves when the line is closed, which takes a while when a print must be cooled first. */
  close(): Promise<void>
}

interface Waiting {
  resolve(lines: readonly string[]): void
  reject(error: GantryError): void
}

export interface LineOptions {
  readonly path: string
  readonly baudRate: number
  readonly signals: boolean
  readonly startWaitMs: number
}

/** Rejects with the reason when the line does not open or nobody answers; `noise` in its details when that was. */
export async function openLine(options: LineOptions, ctx: DriverContext): Promise<LineClient> {
  const link = startHost(ctx)
  const listeners = new Set<(message: FromHost) => void>()
  const waiting = new Map<number, Waiting>()
  let lastId = 0
  let closed = false

  const settle = (id: number, lines: readonly string[], problem: Problem | undefined) => {
    const own = waiting.get(id)
    waiting.delete(id)
    if (problem) own?.reject(errorOf(problem))
    else own?.resolve(lines)
  }
  link.onMessage(message => {
    if (message.kind === 'answer') settle(message.id, message.lines, message.problem)
    if (message.kind === 'ended' || message.kind === 'closed') {
      closed = true
      for (const own of waiting.values()) own.reject(closedError())
      waiting.clear()
    }
    for (const listener of [...listeners]) listener(message)
  })
  const onMessage = (listener: (message: FromHost) => void) => {
    listeners.add(listener)
    return () => {
      listeners.delete(listener)
    }
  }
  const ask = (send: (id: number) => ToHost) =>
    new Promise<readonly string[]>((resolve, reject) => {
      if (closed) {
        reject(closedError())
        return
      }
      lastId += 1
      waiting.set(lastId, { resolve, reject })
      link.tell(send(lastId))
    })

  const banner: string[] = []
  const stopCollecting = onMessage(message => {
    if (message.kind === 'heard' && banner.length < BANNER_LINES) banner.push(message.text)
  })
  await opened(link, options, onMessage, ctx.signal)
  stopCollecting()
  return {
    banner,
    command: text => ask(id => ({ kind: 'command', id, text })),
    async print(plan) {
      await ask(id => ({ kind: 'print', id, plan }))
    },
    tell: message => link.tell(message),
    onMessage,
    close: () =>
      new Promise(resolve => {
        if (closed) {
          resolve()
          return
        }
        const over = () => {
          stopWaiting()
          off()
          resolve()
        }
        const stopWaiting = ctx.clock.after(CLOSE_LIMIT_MS, 'printers.marlin close', over)
        const off = onMessage(message => {
          if (message.kind === 'closed' || message.kind === 'ended') over()
        })
        link.tell({ kind: 'close' })
      }),
  }
}

function opened(
  link: HostLink,
  options: LineOptions,
  onMessage: LineClient['onMessage'],
  signal: AbortSignal,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const onAbort = () => {
      off()
      link.drop()
      reject(new GantryError('cancelled', 'Opening the printer was cancelled.'))
    }
    const off = onMessage(message => {
      if (message.kind !== 'opened' && message.kind !== 'not-opened' && message.kind !== 'ended') return
      off()
      signal.removeEventListener('abort', onAbort)
      if (message.kind === 'opened') resolve()
      else
        reject(
          errorOf(message.problem, message.kind === 'not-opened' && message.noise ? { noise: true } : {}),
        )
    })
    signal.addEventListener('abort', onAbort)
    if (signal.aborted) onAbort()
    else link.tell({ kind: 'open', ...options })
  })
}

export function errorOf(problem: Problem, more: Readonly<Record<string, unknown>> = {}): GantryError {
  return new GantryError(problem.code, problem.message, { ...problem.details, ...more })
}

function closedError(): GantryError {
  return new GantryError('wire.closed', 'The connection to the printer is closed.')
}
