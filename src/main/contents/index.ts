/**
 * Contents servers: the ones the owner has set up, the login there, secure tokens, and the way of a file from there
 * to a printer (gotapi 11.4, docs/contents-server.md). It is not for keeping files and not for deciding what may be
 * printed: that is the printers'. No other address than those set up is ever spoken to, and no password is kept.
 */
import { rm } from 'node:fs/promises'
import type { Handler } from '../handlers/handler.ts'
import type { Clock } from '../lib/clock.ts'
import type { Dispose } from '../lib/dispose.ts'
import { createEmitter } from '../lib/emitter.ts'
import type { LoggerFor } from '../lib/log.ts'
import type { SecretBox } from '../lib/secret-box.ts'
import type { Printers } from '../printers/index.ts'
import type { Store } from '../store/index.ts'
import { createContentsCalls } from './calls.ts'
import { type Connecting, createConnecting } from './connecting.ts'
import { contentsEndpoints } from './endpoints.ts'
import { createLogins } from './logins.ts'
import { createPrints, type PendingPrint, type Prints } from './prints.ts'
import { createServerStore } from './server-store.ts'
import { createServers } from './servers.ts'

export type { PendingPrint } from './prints.ts'

export interface Contents extends Pick<Connecting, 'contents' | 'forget'>, Pick<Prints, 'print' | 'cancel'> {
  readonly name: string
  start(): Promise<void>
  /** Calls off what is on its way to a printer, and takes nothing new. */
  drain(): Promise<void>
  stop(): Promise<void>
  /** For the front door: set up, sign in and out, watch. The owner's own programs only. */
  readonly endpoints: readonly Handler[]
  /** What is on its way to a printer. */
  pending(printerId: string): readonly PendingPrint[]
  onPending(listener: (printerId: string) => void): Dispose
}

export interface ContentsDeps {
  readonly clock: Clock
  readonly logger: LoggerFor
  readonly store: Store
  readonly secrets: SecretBox
  readonly random: (bytes: number) => Uint8Array
  readonly uuid: () => string
  readonly printers: Pick<Printers, 'get' | 'send' | 'handToken'>
  /** Where files wait on their way to a printer. */
  readonly dir: string
}

export function createContents(deps: ContentsDeps): Contents {
  const { clock, store, secrets, random, uuid, dir } = deps
  const log = deps.logger('contents')
  const emitter = createEmitter<{ servers: undefined; pending: string }>(error =>
    log.error('a listener of contents failed', { error }),
  )
  const calls = createContentsCalls(clock)
  const servers = createServers({
    calls,
    kept: createServerStore(store, secrets),
    clock,
    log,
    uuid,
    onChange: () => emitter.emit('servers', undefined),
  })
  const logins = createLogins({ clock, log, calls, uuid })
  const connecting = createConnecting({ clock, log, calls, servers, logins, random })
  const prints = createPrints({
    clock,
    log,
    calls,
    connecting,
    printers: deps.printers,
    uuid,
    dir,
    onChange: printerId => emitter.emit('pending', printerId),
  })

  return {
    name: 'contents',
    // What a crash left behind: no download survives its Gantry.
    start: () => rm(dir, { recursive: true, force: true }),
    drain: prints.stop,
    async stop() {
      logins.close()
      await prints.stop()
    },
    endpoints: contentsEndpoints({
      servers,
      logins,
      prints,
      onChange(listener) {
        const stops = [
          emitter.on('servers', listener),
          emitter.on('pending', listener),
          logins.onChange(listener),
        ]
        return () => {
          for (const stop of stops) stop()
        }
      },
    }),
    contents: connecting.contents,
    forget: connecting.forget,
    print: prints.print,
    cancel: prints.cancel,
    pending: printerId => prints.pending().filter(print => print.printerId === printerId),
    onPending: listener => emitter.on('pending', listener),
  }
}
