import { isDeepStrictEqual } from 'node:util'
import type { RouteSpec } from '../../contract/route.ts'
import { type RouteName, routes } from '../../contract/routes.ts'
import { callPath } from '../../handlers/call-path.ts'
import type { CallHandler, EventHandler, Payload, RouteHandler } from '../../handlers/handler.ts'
import { createRouteTable } from '../../handlers/route-table.ts'
import type { ServiceCall, ServiceEvent, ServiceHost } from '../../plugin-host/index.ts'

/** An answer or a frame that is not what its route promises. */
export interface Untruth {
  readonly route: string
  /** What is wrong with it, by place and never by value: values may be secrets. */
  readonly faults: readonly string[]
}

const routeMap = createRouteTable<RouteName>()
for (const route of Object.keys(routes)) routeMap.add(route as RouteName, route as RouteName)

/**
 * For those who work on Gantry: holds every success and every frame, of our own handlers and of services alike,
 * against the schema the documentation is drawn from. Tests run with it; a Gantry at work does without.
 */
export function createResultCheck(report: (untruth: Untruth) => void) {
  function check(route: RouteName, payload: Payload): Payload {
    const faults = faultsOf(routes[route], payload)
    if (faults.length > 0) report({ route, faults })
    return payload
  }

  function answer({ route, ...handler }: CallHandler): CallHandler {
    return {
      ...handler,
      route,
      answer(text, call) {
        const answered = handler.answer(text, call)
        return answered instanceof Promise
          ? answered.then(payload => check(route, payload))
          : check(route, answered)
      },
    }
  }

  function follow({ route, ...handler }: EventHandler): EventHandler {
    return {
      ...handler,
      route,
      async follow(text, call, emit) {
        const way = await handler.follow(text, call, payload => emit(check(route, payload)))
        if (typeof way === 'function') return way
        return {
          latest() {
            const latest = way.latest()
            return latest && check(route, latest)
          },
          follow: tell => way.follow(payload => tell(check(route, payload))),
        }
      },
    }
  }

  function services(host: ServiceHost): ServiceHost {
    return {
      ...host,
      async call(call, signal) {
        const answer = await host.call(call, signal)
        if (answer.result === 0) checkCall(call, answer.payload)
        return answer
      },
      on: (name, listener) =>
        host.on(name, event => {
          if ('payload' in event) checkEvent(event)
          listener(event)
        }),
    }
  }

  function checkCall(call: ServiceCall, payload: Payload): void {
    const found = routeMap.resolve(call.action, callPath(call))
    if ('result' in found) return
    if (!found.follows) {
      check(found.item, payload)
      return
    }
    // gotapi 11.3: the answer to a PUT or DELETE of what is followed carries nothing; the frames do.
    const names = Object.keys(payload)
    if (names.length > 0) report({ route: found.item, faults: [`${call.action} answers with ${names}`] })
  }

  function checkEvent(event: ServiceEvent): void {
    const found = routeMap.resolve('PUT', callPath(event))
    if (!('result' in found) && found.follows) check(found.item, event.payload)
  }

  return { handler: (one: RouteHandler) => (one.kind === 'call' ? answer(one) : follow(one)), services }
}

/** Both ways: all that is promised is there and of its form, and nothing is there that was not promised. */
function faultsOf({ result }: RouteSpec, payload: Payload): string[] {
  const told: unknown = JSON.parse(JSON.stringify(payload))
  const parsed = result.safeParse(told)
  if (parsed.success) return differences(told, parsed.data, '')
  return parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`)
}

function differences(told: unknown, promised: unknown, place: string): string[] {
  if (isDeepStrictEqual(told, promised)) return []
  if (!isTree(told) || !isTree(promised)) return [`${place}: is read as something else`]
  const names = new Set([...Object.keys(told), ...Object.keys(promised)])
  return [...names].flatMap(name => {
    const inner = place === '' ? name : `${place}.${name}`
    if (!Object.hasOwn(promised, name)) return [`${inner}: is told but not documented`]
    if (!Object.hasOwn(told, name)) return [`${inner}: is documented but not told`]
    return differences(told[name], promised[name], inner)
  })
}

const isTree = (value: unknown): value is Payload => typeof value === 'object' && value !== null
