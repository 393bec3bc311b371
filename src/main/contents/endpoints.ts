import type { RouteResult } from '../contract/routes.ts'
import { answers, follows, type Handler } from '../handlers/handler.ts'
import type { Dispose } from '../lib/dispose.ts'
import { publicUrl } from './connecting.ts'
import type { Logins } from './logins.ts'
import type { Prints } from './prints.ts'
import type { Servers } from './servers.ts'

/** For the owner: what is set up, who is signed in, what is on its way, and the login window. */
export function contentsEndpoints(deps: {
  readonly servers: Servers
  readonly logins: Logins
  readonly prints: Prints
  readonly onChange: (listener: () => void) => Dispose
}): readonly Handler[] {
  const { servers, logins, prints } = deps

  const allServers = (): RouteResult<'GET contents'>['servers'] =>
    servers.all().map(server => {
      const signedIn = servers.signedIn(server.id)
      const isOpen = logins.open().some(({ serverId }) => serverId === server.id)
      const idle = server.login === 'none' ? 'open' : 'signed-out'
      return {
        id: server.id,
        name: server.name,
        url: publicUrl(server),
        isPlain: isPlain(server.url),
        state: isOpen ? 'signing-in' : signedIn ? 'signed-in' : idle,
        ...(signedIn && { user: signedIn.user, expiresAt: signedIn.expiresAt }),
      }
    })
  const all = (): RouteResult<'GET contents'> => ({
    servers: allServers(),
    transfers: prints.pending().map(({ uri: _, failure, ...print }) => ({
      ...print,
      ...(failure && { message: failure.message }),
    })),
  })
  const allLogins = (): RouteResult<'GET contentslogin'> => ({
    logins: logins.open().map(({ serverId, asker, problem, message, ...login }) => {
      const server = servers.find(serverId)
      return {
        ...login,
        server: { name: server.name, url: publicUrl(server), isPlain: isPlain(server.url) },
        ...(asker && { origin: asker.origin }),
        ...(problem && { problem }),
        ...(message !== undefined && { message }),
      }
    }),
  })

  return [
    answers('GET contents', all),
    follows('EVENT contents', (_params, _call, emit) => {
      emit(all())
      return deps.onChange(() => emit(all()))
    }),
    answers('POST contents/probe', async ({ address }) => {
      const { url, name, login } = await servers.probe(address)
      return { url, name, login, isPlain: isPlain(url) }
    }),
    answers('POST contents/server', async ({ address, name }) => ({
      id: await servers.add(address, name),
    })),
    answers('DELETE contents/server', ({ id }) => {
      logins.drop(id)
      servers.remove(id)
      return {}
    }),
    answers('POST contents/session', ({ id }) => {
      // Nobody waits for it here: the window tells how it goes.
      logins.ask(servers.find(id), undefined).then(
        signedIn => servers.signIn(id, signedIn),
        () => {},
      )
      return {}
    }),
    answers('DELETE contents/session', ({ id }) => {
      servers.signOut(id)
      return {}
    }),
    answers('DELETE contents/transfer', ({ id }) => {
      prints.cancel(id)
      return {}
    }),
    answers('GET contentslogin', allLogins),
    follows('EVENT contentslogin', (_params, _call, emit) => {
      emit(allLogins())
      return logins.onChange(() => emit(allLogins()))
    }),
    answers('PUT contentslogin/answer', ({ id, sealed }) => logins.answer(id, sealed)),
    answers('DELETE contentslogin/answer', ({ id }) => {
      logins.refuse(id)
      return {}
    }),
  ]
}

/** Over http everybody between here and there can read along; on this very machine nobody is. */
function isPlain(url: string): boolean {
  const { protocol, hostname } = new URL(url)
  return protocol === 'http:' && !/^(?:localhost|127(?:\.\d+){3}|\[::1\])$/.test(hostname)
}
