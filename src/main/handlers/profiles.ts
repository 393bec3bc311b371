import type { RouteSpec, ServiceKind } from '../contract/route.ts'
import { routes } from '../contract/routes.ts'

/** What the route map says of one profile. */
export interface Profile {
  readonly name: string
  /** Only the owner's own programs may use it. */
  readonly isOwner: boolean
  /** gotapi 4.3: every call but those that lead to a token. */
  readonly needsToken: boolean
  /** Gantry answers it itself; the others belong to services. */
  readonly isOwn: boolean
  /** Which of Gantry's own services have it. */
  readonly services: ReadonlySet<ServiceKind>
}

export const profiles: readonly Profile[] = gather()

function gather(): Profile[] {
  const specs = new Map<string, RouteSpec[]>()
  for (const [route, spec] of Object.entries<RouteSpec>(routes)) {
    const name = profileOf(route)
    specs.set(name, [...(specs.get(name) ?? []), spec])
  }
  return [...specs].map(([name, all]) => {
    const services = new Set(all.flatMap(({ service }) => service ?? []))
    return {
      name,
      isOwner: all.some(({ owner }) => owner === true),
      needsToken: all.some(({ scope }) => scope !== null),
      isOwn: !services.has('printer') && !services.has('room'),
      services,
    }
  })
}

/** `GET 3dprinter/status` is of `3dprinter`. */
export function profileOf(route: string): string {
  return route.split(/[ /]/)[1] ?? ''
}

export const namesOf = (matches: (profile: Profile) => boolean): readonly string[] =>
  profiles.filter(matches).map(({ name }) => name)
