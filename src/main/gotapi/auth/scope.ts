import { GantryError } from '../../contract/error.ts'

/** Every profile, the owner's included. No application can ask for it: it is not a name the parser lets through. */
export const everyScope = '*'
/** gotapi 4.3: what an application may ask for instead of names. */
export const allScope = 'all'

const plainScope = /^[a-z0-9._-]{1,100}$/

/** gotapi 4.3: names separated by commas, blanks trimmed, case gone; an empty one spoils the list. */
export function parseScopes(text: string): readonly string[] {
  const scopes = text.split(',').map(scope => scope.trim().toLowerCase())
  if (scopes.some(scope => !plainScope.test(scope))) {
    throw new GantryError('request.invalid', 'The scope must be names of profiles separated by commas.')
  }
  return [...new Set(scopes)]
}

export interface Profiles {
  /** Gantry's own profiles that need a token. */
  readonly own: ReadonlySet<string>
  /** Those of them that only the owner's programs may have. */
  readonly owner: ReadonlySet<string>
  /** What the plug-ins serve now. */
  readonly services: () => readonly string[]
}

/**
 * What an application's request comes down to. `all` is every profile there is now except the owner's; whoever wants
 * a service may also find it (gotapi 4.3). An owner's profile asked for by name is a no before any question.
 */
export function applicationScopes(asked: readonly string[], profiles: Profiles): readonly string[] {
  const owners = asked.filter(scope => profiles.owner.has(scope))
  if (owners.length > 0) {
    throw new GantryError('auth.denied', `Only the owner’s own programs may use ${owners.join(', ')}.`)
  }
  const scopes = new Set(asked.filter(scope => scope !== allScope))
  if (asked.includes(allScope)) {
    for (const profile of [...profiles.own, ...profiles.services()]) {
      const name = profile.toLowerCase()
      if (!profiles.owner.has(name)) scopes.add(name)
    }
  }
  if ([...scopes].some(scope => !profiles.own.has(scope))) {
    scopes.add('servicediscovery')
    scopes.add('serviceinformation')
  }
  return [...scopes]
}

/** Of what an invitation gives, the part that was asked for. */
export function invitedScopes(asked: readonly string[], given: readonly string[]): readonly string[] {
  const isEverything = given.includes(allScope)
  if (asked.includes(allScope)) return isEverything ? [everyScope] : given.map(scope => scope.toLowerCase())
  const lacking = isEverything ? [] : asked.filter(scope => !given.includes(scope))
  if (lacking.length === 0) return asked
  throw new GantryError('auth.denied', `The invitation does not cover ${lacking.join(', ')}.`)
}
