import { isDeepStrictEqual } from 'node:util'
import type { RouteSpec } from '../../contract/route.ts'
import { routes } from '../../contract/routes.ts'
import type { Endpoint, Topic } from '../../handlers/handler.ts'
import type { ServiceCall, ServiceHost } from '../../plugin-host/index.ts'

/** An answer or a frame that is not what its route promises. */
export interface Untruth {
  readonly route: string
  /** What is wrong with it, by place and never by value: values may be secrets. */
  readonly faults: readonly string[]
}

type Payload = Readonly<Record<string, unknown>>

const specs = new Map<string, { readonly route: string; readonly spec: RouteSpec }>(
  Object.entries(routes).map(([route, spec]) => [keyOf(route), { route, spec }]),
)

function keyOf(route: string): string {
  const [method = '', path = ''] = route.split(' ')
  return `${method} ${path.toLowerCase()}`
}

/**
 * For those who work on Gantry: holds every success and every frame, of our own handlers and of services alike,
 * against the schema the documentation is drawn from. Tests run with it; a Gantry at work does without.
 */
export function createResultCheck(report: (untruth: Untruth) => void) {
  function check(name: string, payload: Payload): void {
    const known = specs.get(keyOf(name))
    const faults = known ? faultsOf(known.spec, payload) : []
    if (known && faults.length > 0) report({ route: known.route, faults })
  }

  function handler(one: Endpoint): Endpoint
  function handler(one: Topic): Topic
  function handler(one: Endpoint | Topic): Endpoint | Topic
  function handler(one: Endpoint | Topic): Endpoint | Topic {
    if (one.kind === 'event') {
      return {
        ...one,
        follow: (context, text, emit) =>
          one.follow(context, text, payload => {
            check(one.name, payload)
            emit(payload)
          }),
      }
    }
    return {
      ...one,
      answer(context, text) {
        const answered = one.answer(context, text)
        const checked = (payload: Payload) => {
          check(one.name, payload)
          return payload
        }
        return answered instanceof Promise ? answered.then(checked) : checked(answered)
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
          if ('payload' in event) check(`EVENT ${pathOf(event)}`, event.payload)
          listener(event)
        }),
    }
  }

  function checkCall(call: ServiceCall, payload: Payload): void {
    const event = call.follows ? specs.get(`EVENT ${pathOf(call).toLowerCase()}`) : undefined
    if (!event) {
      check(`${call.action} ${pathOf(call)}`, payload)
      return
    }
    // gotapi 11.3: the answer to a PUT or DELETE of what is followed carries nothing; the frames do.
    const names = Object.keys(payload)
    if (names.length > 0) report({ route: event.route, faults: [`${call.action} answers with ${names}`] })
  }

  return { handler, services }
}

const pathOf = (path: Pick<ServiceCall, 'profile' | 'interface' | 'attribute'>) =>
  [path.profile, path.interface, path.attribute].filter(name => name !== undefined).join('/')

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
    if (promised[name] === undefined) return [`${inner}: is told but not documented`]
    if (told[name] === undefined) return [`${inner}: is documented but not told`]
    return differences(told[name], promised[name], inner)
  })
}

const isTree = (value: unknown): value is Payload => typeof value === 'object' && value !== null
