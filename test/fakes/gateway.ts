import { routes } from '../../src/main/contract/routes.ts'
import type {
  EventLine,
  Gateway,
  GotapiAnswer,
  GotapiRequest,
} from '../../src/main/gotapi/protocol/gateway.ts'

type Body = Record<string, unknown>

interface Client {
  readonly key: string
  readonly id: string
  token: string | undefined
  scopes: readonly string[]
  line: EventLine | undefined
  readonly registrations: Set<string>
}

/** The engine's gateway in memory: it invites, grants, checks tokens and scopes, and carries events like the real one. */
export interface FakeDoor extends Gateway {
  /** Every call that got past the token, newest last. */
  readonly calls: GotapiRequest[]
  /** What the next call of a path answers with; `{}` where nothing was set. */
  answers: Record<string, (request: GotapiRequest) => Body | Promise<Body>>
  /** Sends an event to whoever registered for it. */
  emit(path: string, payload: Body, serviceId?: string): void
  /** Takes every token back, as the owner can. */
  revokeAll(): void
  /** Ends every line without touching the tokens. */
  dropLines(): void
  registrations(): string[]
  readonly tokens: string[]
  readonly links: string[]
}

const ok = (body: Body = {}): GotapiAnswer => ({ status: 200, body: { result: 0, ...body } })
const no = (errorCode: number, errorMessage: string): GotapiAnswer => ({
  status: 403,
  body: { result: 1, errorCode, errorMessage },
})

export function createFakeDoor(): FakeDoor {
  const clients = new Map<string, Client>()
  const invitations = new Map<string, readonly string[]>()
  const calls: GotapiRequest[] = []
  const tokens: string[] = []
  const links: string[] = []
  let made = 0

  const byToken = (token: string | undefined) =>
    [...clients.values()].find(client => client.token !== undefined && client.token === token)
  const end = (client: Client, reason: string) => {
    const { line } = client
    client.line = undefined
    line?.onClose(reason)
  }

  const authorize = ({ path, params, origin }: GotapiRequest): GotapiAnswer => {
    if (path.endsWith('/grant')) {
      made += 1
      const id = `client-${made}`
      clients.set(id, {
        key: `${origin.origin} ${params.device ?? ''}`,
        id,
        token: undefined,
        scopes: [],
        line: undefined,
        registrations: new Set(),
      })
      return ok({ clientId: id })
    }
    const client = clients.get(params.clientId ?? '')
    if (!client?.key.startsWith(`${origin.origin} `)) return no(15, 'client unknown')
    const allowed = invitations.get(params.invitation ?? '')
    invitations.delete(params.invitation ?? '')
    const wanted = (params.scope ?? '').split(',')
    if (!allowed || wanted.some(scope => !allowed.includes(scope))) return no(11, 'denied')
    for (const earlier of [...clients.values()]) {
      if (earlier === client || earlier.key !== client.key || earlier.token === undefined) continue
      clients.delete(earlier.id)
      end(earlier, 'a second grant')
    }
    made += 1
    client.token = `secret-token-${made}`
    client.scopes = wanted
    tokens.push(client.token)
    return ok({ accessToken: client.token })
  }

  const answerOf = async (request: GotapiRequest, client: Client): Promise<GotapiAnswer> => {
    const path = request.path.slice('/gotapi/'.length)
    const key = `${path} ${request.params.serviceId ?? ''}`
    calls.push(request)
    const answer = gateway.answers[`${request.method} ${path}`]
    const body = answer ? await answer(request) : {}
    if (body.result === 1) return { status: 400, body }
    if (request.method === 'PUT') client.registrations.add(key)
    if (request.method === 'DELETE') {
      client.registrations.delete(key)
      if (client.registrations.size === 0) end(client, 'the last registration ended')
    }
    return ok(body)
  }

  const gateway: FakeDoor = {
    bytes: async () => ({ status: 404, headers: {} }),
    calls,
    tokens,
    links,
    deliverKey: link => {
      links.push(link)
    },
    answers: {},
    async handle(request) {
      if (request.path.startsWith('/gotapi/authorization/')) return authorize(request)
      const token = request.params.accessToken
      const client = byToken(token)
      if (!client) return token ? no(15, 'token unknown') : no(13, 'token missing')
      const path = request.path.slice('/gotapi/'.length)
      const known = Object.entries(routes).find(([name]) => name === `${request.method} ${path}`)
      const scope = known?.[1].scope
      if (scope && !client.scopes.includes('all') && !client.scopes.includes(scope))
        return no(14, 'outside the scope')
      return answerOf(request, client)
    },
    connect({ accessToken }, line) {
      const client = byToken(accessToken)
      if (!client) return { answer: { result: 1, errorCode: 3, errorMessage: 'token' }, close: () => {} }
      if (client.line)
        return { answer: { result: 1, errorCode: 4, errorMessage: 'established' }, close: () => {} }
      client.line = line
      return {
        answer: { result: 0 },
        close: () => {
          if (client.line === line) client.line = undefined
        },
      }
    },
    invite({ scopes }) {
      made += 1
      invitations.set(`code-${made}`, scopes)
      return `code-${made}`
    },
    emit(path, payload, serviceId) {
      const [profile, ...rest] = path.split('/')
      const attribute = rest.at(-1)
      for (const client of clients.values()) {
        if (!client.registrations.has(`${path} ${serviceId ?? ''}`)) continue
        client.line?.onFrame({
          result: 0,
          profile,
          ...(rest.length > 1 && { interface: rest[0] }),
          ...(attribute !== undefined && { attribute }),
          ...(serviceId !== undefined && { serviceId }),
          ...payload,
        })
      }
    },
    revokeAll() {
      for (const client of clients.values()) {
        client.token = undefined
        client.registrations.clear()
        end(client, 'taken back')
      }
    },
    dropLines() {
      for (const client of clients.values()) {
        client.registrations.clear()
        end(client, 'the engine stops')
      }
    },
    registrations: () => [...clients.values()].flatMap(client => [...client.registrations]).sort(),
  }
  return gateway
}
