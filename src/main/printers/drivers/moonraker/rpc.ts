import type { z } from 'zod'
import { GantryError } from '../../../contract/error.ts'
import type { Clock } from '../../../lib/clock.ts'
import type { SocketLine } from '../../wire/socket-line.ts'
import { rpcMessage } from './reply.ts'

const askTimeoutMs = 10_000

/** JSON-RPC 2.0 over Moonraker's socket. */
export interface Rpc {
  /** `timeoutMs: null`: until the answer comes or the line breaks; a macro may take as long as it takes. */
  ask<Schema extends z.ZodType>(
    method: string,
    params: Readonly<Record<string, unknown>>,
    schema: Schema,
    options?: { readonly timeoutMs?: number | null; readonly signal?: AbortSignal | undefined },
  ): Promise<z.output<Schema>>
  /** Everybody who still waits is told why nothing will come. */
  giveUp(reason: GantryError): void
}

interface Waiter {
  settle(result: unknown, error: { code: number; message: string } | undefined): void
  fail(reason: GantryError): void
}

export function createRpc(
  line: SocketLine,
  clock: Clock,
  onNotify: (method: string, params: readonly unknown[]) => void,
): Rpc {
  const waiters = new Map<number, Waiter>()
  let lastId = 0

  line.onMessage(message => {
    const parsed = rpcMessage.safeParse(message)
    if (!parsed.success) return
    const { id, result, error, method, params } = parsed.data
    if (method !== undefined) onNotify(method, params ?? [])
    else if (id !== undefined) waiters.get(id)?.settle(result, error)
  })

  return {
    ask(method, params, schema, { timeoutMs = askTimeoutMs, signal } = {}) {
      const id = ++lastId
      return new Promise((resolve, reject) => {
        const over = () => {
          waiters.delete(id)
          stopTimer()
          signal?.removeEventListener('abort', abort)
        }
        const fail = (reason: GantryError) => {
          over()
          reject(reason)
        }
        const abort = () => fail(new GantryError('cancelled', 'The command was stopped.'))
        const stopTimer =
          timeoutMs === null
            ? () => {}
            : clock.after(timeoutMs, 'printers.moonraker answer', () =>
                fail(
                  new GantryError('wire.timeout', `Moonraker did not answer within ${timeoutMs / 1000} s.`, {
                    method,
                  }),
                ),
              )
        signal?.addEventListener('abort', abort, { once: true })
        waiters.set(id, {
          fail,
          settle(result, error) {
            over()
            if (error) {
              reject(rpcError(error, method))
              return
            }
            const parsed = schema.safeParse(result)
            if (parsed.success) resolve(parsed.data)
            else reject(new GantryError('wire.malformed', 'Moonraker’s answer makes no sense.', { method }))
          },
        })
        line.send({ jsonrpc: '2.0', method, params, id })
      })
    },
    giveUp(reason) {
      for (const waiter of [...waiters.values()]) waiter.fail(reason)
    },
  }
}

function rpcError({ code, message }: { code: number; message: string }, method: string): GantryError {
  const said = message.slice(0, 300)
  const details = { code, method, said }
  switch (code) {
    // Moonraker writes its own 404 and 401 as these two; only the words tell a missing file from a missing method.
    case -32601:
      return /^method not found/i.test(said)
        ? new GantryError('printer.unsupported', 'This Moonraker cannot do this.', details)
        : new GantryError('file.unknown', `Moonraker does not know it: ${said}`, details)
    case 401:
    case -32602:
      return code === 401 || /^unauthorized/i.test(said)
        ? new GantryError('printer.credentials', 'Moonraker wants a key, or the key is wrong.', details)
        : new GantryError('printer.refused', `Moonraker refused: ${said}`, details)
    case 403:
      return new GantryError('printer.busy', 'This file is being printed and stays as it is.', details)
    case 404:
      return new GantryError('file.unknown', `Moonraker does not know it: ${said}`, details)
    case 503:
      return new GantryError('printer.busy', 'Klipper is not ready.', details)
    default:
      return new GantryError(
        /already|busy|in progress|not ready|must home/i.test(said) ? 'printer.busy' : 'printer.refused',
        `The printer refused: ${said}`,
        details,
      )
  }
}
