import { createHash, createHmac } from 'node:crypto'
import { GantryError, toGantryError } from '../contract/error.ts'
import type { Clock } from '../lib/clock.ts'
import type { Logger } from '../lib/log.ts'
import type { ContentsCalls, Introduction } from './calls.ts'
import type { Logins } from './logins.ts'
import type { StoredServer } from './server-store.ts'
import { type Servers, wantsLogin } from './servers.ts'

/** A plug-in has 60 s for an answer (gotapi 2); an application that hears 11 asks again and finds the window open. */
const loginWaitMs = 45_000
const mostIssued = 1_000

/** On whose behalf. `application` is the token its plug-in gave it: it tells applications apart and stays here. */
export interface OnBehalf {
  readonly serviceId: string
  readonly application: string
  readonly origin: string
}

/** gotapi 11.2 */
export interface ContentsEntry {
  readonly url: string
  readonly name: string
  readonly secureToken?: string
  readonly expire?: number
  readonly authenticated: boolean
}

/** Service Connecting (ER 7.2.4): from an application's question to secure tokens. */
export interface Connecting {
  contents(who: OnBehalf, url: string | undefined): Promise<ContentsEntry[]>
  /**
   * The server a token is for: the one the application names, the one that issued it, or the only one. A token that
   * was handed out here is good for that printer, server and application alone (gotapi 10.4).
   */
  serverOf(secureToken: string, url: string | undefined, who: OnBehalf): StoredServer
  introduce(server: StoredServer, who: OnBehalf): Introduction
  /** This application is not there any more: the tokens that were handed out to it are good for nobody. */
  forget(application: string): void
}

export function createConnecting(deps: {
  readonly clock: Clock
  readonly log: Logger
  readonly calls: ContentsCalls
  readonly servers: Servers
  readonly logins: Logins
  readonly random: (bytes: number) => Uint8Array
}): Connecting {
  const { clock, log, calls, servers, logins, random } = deps
  const derivingKey = random(32)
  const issuedTo = new Map<string, { readonly serverId: string; readonly who: OnBehalf }>()
  const hashOf = (secureToken: string) => createHash('sha256').update(secureToken).digest('base64url')

  /** gotapi 11.4: not the application's token but a value for this purpose, this server and this application. */
  const introduce: Connecting['introduce'] = (server, { serviceId, application }) => ({
    serviceId,
    accessToken: createHmac('sha256', derivingKey)
      .update(`contents server\n${server.id}\n${application}`)
      .digest('base64url'),
    nonce: Buffer.from(random(16)).toString('hex'),
  })
  const logIn = (server: StoredServer, { origin }: OnBehalf) => {
    const asked = logins.ask(server, { origin }).then(signedIn => {
      servers.signIn(server.id, signedIn)
      return signedIn.session
    })
    let stopTimer = () => {}
    const late = new Promise<never>((_, reject) => {
      stopTimer = clock.after(loginWaitMs, 'contents login answer', () =>
        reject(
          new GantryError(
            'contents.login-refused',
            'The owner has not logged in yet. The window waits for them: ask again.',
          ),
        ),
      )
    })
    asked.catch(() => {})
    return Promise.race([asked, late]).finally(stopTimer)
  }
  const connect = async (server: StoredServer, who: OnBehalf): Promise<ContentsEntry> => {
    const base = new URL(server.url)
    const token = (session: string | undefined) => calls.token(base, session, introduce(server, who))
    const signedIn = servers.signedIn(server.id)
    const needsLogin = server.login === 'password' && signedIn === undefined
    const first = needsLogin ? await logIn(server, who) : signedIn?.session
    const issued = await token(first).catch(async (thrown: unknown) => {
      if (!wantsLogin(thrown) || needsLogin) throw thrown
      servers.signOut(server.id)
      return token(await logIn(server, who))
    })
    if (issuedTo.size >= mostIssued) issuedTo.delete(issuedTo.keys().next().value ?? '')
    issuedTo.set(hashOf(issued.secureToken), { serverId: server.id, who })
    log.info('a contents server issued a token', { host: base.host, serviceId: who.serviceId })
    const { secureToken, expire } = issued
    return {
      url: publicUrl(server),
      name: server.name,
      secureToken,
      ...(expire !== undefined && { expire }),
      authenticated: true,
    }
  }

  return {
    async contents(who, url) {
      if (url !== undefined) return [await connect(servers.byUrl(url), who)]
      const all = servers.all()
      const results = await Promise.allSettled(all.map(server => connect(server, who)))
      const failures = results.flatMap(result => (result.status === 'rejected' ? [result.reason] : []))
      if (all.length > 0 && failures.length === all.length) throw toGantryError(failures[0])
      // One that is away must not hide the others.
      return results.flatMap((result, index) => {
        if (result.status === 'fulfilled') return [result.value]
        const server = all[index]
        return server ? [{ url: publicUrl(server), name: server.name, authenticated: false }] : []
      })
    },
    serverOf(secureToken, url, who) {
      const issued = issuedTo.get(hashOf(secureToken))
      const isOthers = issued && (issued.who.serviceId !== who.serviceId || issued.who.origin !== who.origin)
      if (isOthers) throw notYours()
      if (url !== undefined) {
        const named = servers.byUrl(url)
        // The server it names would learn a token that is good at another.
        if (issued && issued.serverId !== named.id) throw notYours()
        return named
      }
      const [only, ...others] = servers.all()
      const found =
        servers.all().find(({ id }) => id === issued?.serverId) ?? (others.length === 0 ? only : undefined)
      if (found) return found
      throw new GantryError('contents.unknown', 'Name the contents server of this secure token with url.')
    },
    introduce,
    forget(application) {
      for (const [hash, { who }] of issuedTo) if (who.application === application) issuedTo.delete(hash)
    },
  }
}

const notYours = () =>
  new GantryError(
    'contents.token-unknown',
    'This secure token is for another printer, contents server or application. Ask for one of your own.',
  )

/** With its slash, so that `files` beside it is found by the rules of addresses. */
export const publicUrl = ({ url }: StoredServer): string => `${url}/`
