import type { RouteSpec } from '../../contract/route.ts'
import { type RouteName, routes } from '../../contract/routes.ts'
import type { CallPath } from '../../handlers/call-path.ts'
import type { CallHandler, EventHandler, RouteHandler } from '../../handlers/handler.ts'
import { type Refusal, refuse } from '../../handlers/outcome.ts'
import { profiles } from '../../handlers/profiles.ts'
import { createRouteTable } from '../../handlers/route-table.ts'

/** Where a call ends up. `path` is as whoever answers knows it: an `on…` alias is resolved. */
export type Target =
  | { readonly kind: 'own'; readonly spec: RouteSpec; readonly handler: CallHandler; readonly path: CallPath }
  | {
      readonly kind: 'topic'
      readonly spec: RouteSpec
      readonly handler: EventHandler
      readonly path: CallPath
    }
  | {
      readonly kind: 'service'
      /** Absent for profiles that only their plug-in knows. */
      readonly spec: RouteSpec | undefined
      readonly follows: boolean
      readonly path: CallPath
    }

const methods = ['GET', 'POST', 'PUT', 'DELETE']

const routeMap = createRouteTable<RouteSpec>()
for (const [route, spec] of Object.entries<RouteSpec>(routes)) routeMap.add(route as RouteName, spec)

export type Router = ReturnType<typeof createRouter>

/** Gantry's own handlers. What none of their profiles claims belongs to a service. */
export function createRouter() {
  const own = createRouteTable<RouteHandler>()

  function resolve(method: string, path: CallPath): Target | Refusal {
    if (!methods.includes(method)) {
      const name = method.slice(0, 20)
      return refuse('request.wrong-method', `Gantry does not know the method ${name}.`, { method: name })
    }
    return own.has(path.profile) ? ownTarget(method, path) : serviceTarget(method, path)
  }

  function ownTarget(method: string, path: CallPath): Target | Refusal {
    const found = own.resolve(method, path)
    if ('result' in found) return found
    const { item, path: meant } = found
    const place = { spec: routes[item.route], path: meant }
    return item.kind === 'call'
      ? { kind: 'own', handler: item, ...place }
      : { kind: 'topic', handler: item, ...place }
  }

  function serviceTarget(method: string, path: CallPath): Target | Refusal {
    const found = routeMap.resolve(method, path)
    if (!('result' in found))
      return { kind: 'service', spec: found.item, follows: found.follows, path: found.path }
    if (found.code === 'request.wrong-method') return found
    // A plug-in may know what the route map does not: whether it can be followed is for its answer to say.
    return { kind: 'service', spec: undefined, follows: method === 'PUT' || method === 'DELETE', path }
  }

  return {
    add: (handler: RouteHandler) => own.add(handler.route, handler),
    resolve,
    /** gotapi 6: Gantry's own profiles that a token is good for. */
    supports: () =>
      profiles.filter(({ name, needsToken }) => needsToken && own.has(name)).map(({ name }) => name),
  }
}
