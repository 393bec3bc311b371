import { z } from 'zod'
import { GantryError, isGantryError, toGantryError } from '../contract/error.ts'
import type { Clock } from '../lib/clock.ts'
import type { Dispose } from '../lib/dispose.ts'
import { createEmitter } from '../lib/emitter.ts'
import type { Logger } from '../lib/log.ts'
import type { ContentsCalls } from './calls.ts'
import { createLock, type Lock } from './sealed.ts'
import type { SignedIn, StoredServer } from './server-store.ts'

/** How long a login window waits for somebody to come and type. */
const lifeMs = 5 * 60_000
/** An owner who said no is not asked the same again at once, however often an application asks. */
const quietMs = 30_000
const mostOpen = 20

/** The application that caused a login, as far as it may be shown; absent: the owner wanted it. */
export interface Asker {
  readonly origin: string
}
export type LoginProblem = 'wrong' | 'too-often' | 'failed'

export interface OpenLogin {
  readonly id: string
  readonly serverId: string
  readonly asker: Asker | undefined
  /** What to seal the credentials with; a new one for each attempt. */
  readonly publicKey: string
  readonly problem: LoginProblem | undefined
  readonly message: string | undefined
  readonly askedAt: number
  readonly expiresAt: number
}

export interface Logins {
  open(): readonly OpenLogin[]
  /** Resolves when the owner has logged in; rejects with `contents.login-refused`. Joins one that is open. */
  ask(server: StoredServer, asker: Asker | undefined): Promise<SignedIn>
  /** What the owner typed, sealed. Anything but `signed-in` leaves the login open. */
  answer(
    id: string,
    sealed: string,
  ): Promise<{ readonly state: 'signed-in' | LoginProblem; readonly message?: string }>
  refuse(id: string): void
  /** The server was taken away. */
  drop(serverId: string): void
  onChange(listener: () => void): Dispose
  close(): void
}

interface Entry {
  login: OpenLogin
  lock: Lock
  isTrying: boolean
  readonly server: StoredServer
  readonly promise: Promise<SignedIn>
  readonly settle: (outcome: SignedIn | GantryError) => void
}

const credentials = z.strictObject({
  user: z.string().trim().min(1).max(200),
  password: z.string().min(1).max(500),
})
const refusal = (message: string) => new GantryError('contents.login-refused', message)

/** ER 7.2.4-7: where logins wait for the owner, apart from any application. Whoever shows them is told of changes. */
export function createLogins(deps: {
  readonly clock: Clock
  readonly log: Logger
  readonly calls: Pick<ContentsCalls, 'login'>
  readonly uuid: () => string
}): Logins {
  const { clock, log, calls } = deps
  const entries = new Map<string, Entry>()
  const quietUntil = new Map<string, number>()
  const emitter = createEmitter<{ change: undefined }>(error =>
    log.error('a listener of logins failed', { error }),
  )
  const tell = () => emitter.emit('change', undefined)
  const find = (id: string): Entry => {
    const entry = entries.get(id)
    if (entry) return entry
    throw new GantryError('request.invalid', 'This login is not open any more.')
  }

  const begin = (server: StoredServer, asker: Asker | undefined): Entry => {
    const id = deps.uuid()
    const lock = createLock()
    const askedAt = clock.now()
    let settle: Entry['settle'] = () => {}
    const promise = new Promise<SignedIn>((resolve, reject) => {
      settle = outcome => {
        if (!entries.delete(id)) return
        stopTimer()
        tell()
        if (outcome instanceof GantryError) reject(outcome)
        else resolve(outcome)
      }
    })
    // Whoever waits hears of it; a login that the owner opened has nobody waiting.
    promise.catch(() => {})
    const stopTimer = clock.after(lifeMs, 'contents login', () =>
      settle(refusal('Nobody logged in in time.')),
    )
    const login = {
      id,
      serverId: server.id,
      asker,
      publicKey: lock.publicKey,
      problem: undefined,
      message: undefined,
      askedAt,
      expiresAt: askedAt + lifeMs,
    }
    const entry: Entry = { login, lock, isTrying: false, server, promise, settle }
    entries.set(id, entry)
    tell()
    return entry
  }
  const failed = (entry: Entry, thrown: unknown) => {
    const error = toGantryError(thrown)
    const word = isGantryError(thrown, 'contents.login-refused') ? thrown.details.word : undefined
    const problem = word === 'login-wrong' ? 'wrong' : word === 'too-often' ? 'too-often' : 'failed'
    log.info('a login at a contents server failed', { problem, code: error.code })
    entry.lock = createLock()
    entry.login = {
      ...entry.login,
      publicKey: entry.lock.publicKey,
      problem,
      message: problem === 'failed' ? error.message : undefined,
    }
    tell()
    return { state: problem, ...(problem === 'failed' && { message: error.message }) } as const
  }

  return {
    open: () => [...entries.values()].map(({ login }) => login),
    ask(server, asker) {
      const open = [...entries.values()].find(({ login }) => login.serverId === server.id)
      if (open) return open.promise
      if (asker && (quietUntil.get(server.id) ?? 0) > clock.now()) {
        return Promise.reject(refusal('The owner did not want to log in.'))
      }
      if (entries.size >= mostOpen) return Promise.reject(refusal('Too many logins wait for the owner.'))
      return begin(server, asker).promise
    },
    async answer(id, sealed) {
      const entry = find(id)
      const opened = entry.lock.open(sealed, id)
      const read = credentials.safeParse(opened === undefined ? undefined : parseJson(opened))
      if (!read.success) {
        throw new GantryError('request.invalid', 'What was typed did not arrive in the form it should have.')
      }
      if (entry.isTrying) throw new GantryError('request.invalid', 'This login is being tried already.')
      entry.isTrying = true
      try {
        const { session, expire } = await calls.login(new URL(entry.server.url), read.data)
        log.info('the owner logged in at a contents server', { host: new URL(entry.server.url).host })
        entry.settle({ session, user: read.data.user, expiresAt: expire })
        return { state: 'signed-in' }
      } catch (thrown) {
        return failed(entry, thrown)
      } finally {
        entry.isTrying = false
      }
    },
    refuse(id) {
      const { server, settle } = find(id)
      quietUntil.set(server.id, clock.now() + quietMs)
      settle(refusal('The owner did not want to log in.'))
    },
    drop(serverId) {
      quietUntil.delete(serverId)
      for (const { login, settle } of [...entries.values()]) {
        if (login.serverId === serverId) settle(refusal('The contents server was taken away.'))
      }
    },
    onChange: listener => emitter.on('change', listener),
    close() {
      for (const { settle } of [...entries.values()]) settle(refusal('Gantry stops.'))
    },
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
