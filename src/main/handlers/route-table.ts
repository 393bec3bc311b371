import type { RouteName } from '../contract/routes.ts'
import type { CallPath } from './call-path.ts'
import { type Refusal, refuse } from './outcome.ts'

/** Where a call ends up. */
export interface Found<Item> {
  readonly item: Item
  /** The item is an EVENT: PUT starts and DELETE ends it. */
  readonly follows: boolean
  /** As the route map names it: an `on…` alias is resolved (gotapi 11.1). */
  readonly path: CallPath
}

export interface RouteTable<Item> {
  add(route: RouteName, item: Item): void
  /** Some route of this profile is here. */
  has(profile: string): boolean
  resolve(method: string, path: CallPath): Found<Item> | Refusal
}

/** gotapi 3.2: routes by method and path, compared without case. */
export function createRouteTable<Item>(): RouteTable<Item> {
  const items = new Map<string, Item>()
  const paths = new Set<string>()
  const profiles = new Set<string>()

  const eventOf = (path: CallPath): Found<Item> | undefined => {
    const item = items.get(`EVENT ${path.key}`)
    if (item) return { item, follows: true, path }
    const { attribute } = path
    if (attribute === undefined || !/^on./i.test(attribute)) return undefined
    const plain = attribute.slice(2)
    const key = path.key.slice(0, -attribute.length) + plain.toLowerCase()
    const meant = items.get(`EVENT ${key}`)
    return meant && { item: meant, follows: true, path: { ...path, attribute: plain, key } }
  }
  const has = (profile: string) => profiles.has(profile.toLowerCase())

  return {
    add(route, item) {
      const [method = '', path = ''] = route.split(' ')
      const key = path.toLowerCase()
      items.set(`${method} ${key}`, item)
      paths.add(key)
      profiles.add(key.split('/')[0] ?? '')
    },
    has,
    resolve(method, path) {
      const item = items.get(`${method} ${path.key}`)
      if (item) return { item, follows: false, path }
      const event = method === 'PUT' || method === 'DELETE' ? eventOf(path) : undefined
      return event ?? refusalFor(method, path, paths.has(path.key), has(path.profile))
    },
  }
}

function refusalFor(method: string, { profile }: CallPath, isPath: boolean, isProfile: boolean): Refusal {
  if (isPath) return refuse('request.wrong-method', `This address does not take ${method}.`, { method })
  return isProfile
    ? refuse('request.unknown-route', `The profile ${profile} has no such part here.`, { profile })
    : refuse('request.unknown-profile', `Nothing here serves the profile ${profile}.`, { profile })
}
