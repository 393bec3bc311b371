import { z } from 'zod'
import { GantryError, isGantryError } from '../contract/error.ts'
import type { Clock } from '../lib/clock.ts'
import type { Logger } from '../lib/log.ts'
import { webAddress } from '../printers/index.ts'
import type { About, ContentsCalls } from './calls.ts'
import type { ServerStore, SignedIn, StoredServer } from './server-store.ts'

/** More than anybody has; each is asked when an application wants the list. */
const mostServers = 20

/** The contents servers the owner has set up: the only ones Gantry ever speaks to. */
export interface Servers {
  all(): readonly StoredServer[]
  find(id: string): StoredServer
  /** By the address an application gave. */
  byUrl(url: string): StoredServer
  /** Asks an address whether a contents server lives there. */
  probe(address: string): Promise<About & { readonly url: string }>
  add(address: string, name: string | undefined): Promise<string>
  remove(id: string): void
  signedIn(id: string): SignedIn | undefined
  signIn(id: string, signedIn: SignedIn): void
  signOut(id: string): void
}

export interface ServersDeps {
  readonly calls: ContentsCalls
  readonly kept: ServerStore
  readonly clock: Clock
  readonly log: Logger
  readonly uuid: () => string
  readonly onChange: () => void
}

export function createServers({ calls, kept, clock, log, uuid, onChange }: ServersDeps): Servers {
  const servers = new Map(kept.all().map(server => [server.id, server]))

  const find = (id: string): StoredServer => {
    const server = servers.get(id)
    if (server) return server
    throw new GantryError('contents.unknown', 'There is no such contents server.')
  }
  const put = (server: StoredServer) => {
    servers.set(server.id, server)
    kept.save(server)
    onChange()
  }
  const probe: Servers['probe'] = async address => {
    const url = addressOf(address)
    return { ...(await calls.about(new URL(url))), url }
  }
  /** Nobody waits for it: a session that is not ended there ends by itself. */
  const endSession = ({ url, signedIn }: StoredServer) => {
    if (signedIn === undefined) return
    calls.logout(new URL(url), signedIn.session).catch((thrown: unknown) => {
      log.debug('a session at a contents server was not ended', { thrown })
    })
  }

  return {
    all: () => [...servers.values()],
    find,
    byUrl(url) {
      const wanted = webAddress.safeParse(url).data
      const server = [...servers.values()].find(each => each.url === wanted)
      if (server) return server
      throw new GantryError('contents.unknown', 'The owner has not set up this contents server.')
    },
    probe,
    async add(address, wanted) {
      const { url, name, login } = await probe(address)
      if ([...servers.values()].some(each => each.url === url)) {
        throw new GantryError('store.conflict', 'This contents server is set up already.')
      }
      if (servers.size >= mostServers) {
        throw new GantryError('store.conflict', `Gantry keeps ${mostServers} contents servers at most.`)
      }
      const id = uuid()
      const shown = wanted || name || new URL(url).host
      put({ id, url, name: shown, login, signedIn: undefined, addedAt: clock.now() })
      log.info('a contents server was set up', { host: new URL(url).host })
      return id
    },
    remove(id) {
      endSession(find(id))
      servers.delete(id)
      kept.remove(id)
      onChange()
    },
    signedIn(id) {
      const { signedIn } = find(id)
      return signedIn && signedIn.expiresAt > clock.now() ? signedIn : undefined
    },
    signIn: (id, signedIn) => put({ ...find(id), login: 'password', signedIn }),
    signOut(id) {
      const server = find(id)
      endSession(server)
      put({ ...server, signedIn: undefined })
    },
  }
}

/** Without a scheme https is meant: what is typed afterwards is a password. */
function addressOf(address: string): string {
  const typed = address.trim()
  const read = webAddress.safeParse(/^[a-z][a-z0-9+.-]*:\/\//i.test(typed) ? typed : `https://${typed}`)
  if (read.success) return read.data
  const why = z.prettifyError(read.error).split('\n')[0]?.replace(/^✖ /, '')
  throw new GantryError('request.invalid', `This address cannot be used: ${why}.`)
}

/** Whether the server wants a new login for what it was asked. */
export const wantsLogin = (thrown: unknown): boolean =>
  isGantryError(thrown, 'contents.login-refused') && thrown.details.word === 'session-unknown'
