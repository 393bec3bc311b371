import type { RouteSpec } from '../../contract/route.ts'
import { routes } from '../../contract/routes.ts'
import type { Endpoint, Topic } from '../../handlers/handler.ts'
import { type Refusal, refuse } from '../protocol/outcome.ts'
import type { CallPath } from '../protocol/path.ts'

/** Where a call ends up. `follow`: PUT starts and DELETE ends it, frames come over GotAPI-5. */
export type Target =
  | { readonly kind: 'own'; readonly spec: RouteSpec; readonly endpoint: Endpoint }
  | { readonly kind: 'topic'; readonly spec: RouteSpec; readonly topic: Topic }
  | {
      readonly kind: 'service'
      /** Absent for profiles that only their plug-in knows. */
      readonly spec: RouteSpec | undefined
      readonly follows: boolean
      /** The path as the plug-in knows it: an `on…` alias is resolved (gotapi 11.1). */
      readonly path: CallPath
    }

const methods = ['GET', 'POST', 'PUT', 'DELETE']

const known = new Map<string, RouteSpec>(
  Object.entries(routes).map(([name, spec]) => [lowerPath(name), spec satisfies RouteSpec]),
)

function lowerPath(name: string): string {
  const [method = '', path = ''] = name.split(' ')
  return `${method} ${path.toLowerCase()}`
}

export const ownerProfiles: ReadonlySet<string> = new Set(
  Object.values(routes)
    .filter((spec: RouteSpec) => spec.owner)
    .flatMap(({ scope }) => (scope === null ? [] : [scope.toLowerCase()])),
)

export type Router = ReturnType<typeof createRouter>

/** The route map with its handlers. What no handler claims belongs to a service. */
export function createRouter() {
  const endpoints = new Map<string, Endpoint>()
  const topics = new Map<string, Topic>()
  const profiles = new Set<string>()
  const tokenProfiles = new Set<string>()

  function add(handler: Endpoint | Topic): void {
    const name = lowerPath(handler.name)
    if (handler.kind === 'call') endpoints.set(name, handler)
    else topics.set(name, handler)
    const profile = (name.split(' ')[1] ?? '').split('/')[0] ?? ''
    profiles.add(profile)
    if (routes[handler.name].scope !== null) tokenProfiles.add(profile)
  }

  function resolve(method: string, path: CallPath): Target | Refusal {
    if (!methods.includes(method)) return refuse(3, `Gantry does not know the method ${method.slice(0, 20)}.`)
    return profiles.has(path.profile.toLowerCase()) ? ownTarget(method, path) : serviceTarget(method, path)
  }

  function ownTarget(method: string, { key }: CallPath): Target | Refusal {
    const endpoint = endpoints.get(`${method} ${key}`)
    if (endpoint) return { kind: 'own', spec: routes[endpoint.name], endpoint }
    const topic = topics.get(`EVENT ${key}`)
    if (topic && isFollowing(method)) return { kind: 'topic', spec: routes[topic.name], topic }
    const exists = topic !== undefined || methods.some(other => endpoints.has(`${other} ${key}`))
    return exists
      ? refuse(3, `This address does not take ${method}.`)
      : refuse(4, 'Gantry does not know this part of the profile.')
  }

  function serviceTarget(method: string, path: CallPath): Target | Refusal {
    const spec = known.get(`${method} ${path.key}`)
    if (spec) return { kind: 'service', spec, follows: false, path }
    const event = isFollowing(method) ? eventOf(path) : undefined
    if (event) return { kind: 'service', ...event, follows: true }
    if (known.has(`EVENT ${path.key}`) || methods.some(other => known.has(`${other} ${path.key}`))) {
      return refuse(3, `This address does not take ${method}.`)
    }
    return { kind: 'service', spec: undefined, follows: isFollowing(method), path }
  }

  return {
    add,
    resolve,
    /** In lower case. */
    tokenProfiles: tokenProfiles as ReadonlySet<string>,
  }
}

const isFollowing = (method: string) => method === 'PUT' || method === 'DELETE'

function eventOf(path: CallPath): { spec: RouteSpec; path: CallPath } | undefined {
  const spec = known.get(`EVENT ${path.key}`)
  if (spec) return { spec, path }
  const { attribute } = path
  if (attribute === undefined || !/^on./i.test(attribute)) return undefined
  const plain = attribute.slice(2)
  const key = path.key.slice(0, -attribute.length) + plain.toLowerCase()
  const meant = known.get(`EVENT ${key}`)
  return meant && { spec: meant, path: { ...path, attribute: plain, key } }
}
