import type { Manifest } from './manifest.ts'
import type { StrangerPlugin } from './service-host.ts'

/** gotapi 7.4: what the owner is asked about. Everything they are shown is part of its identity, its version is not. */
export function strangerOf({
  id,
  name,
  manufacturer = '',
  profiles,
}: Pick<Manifest, 'id' | 'name' | 'manufacturer' | 'profiles'>): StrangerPlugin {
  const shown = { id, name, manufacturer, profiles: Object.keys(profiles).sort() }
  return { ...shown, identity: JSON.stringify(Object.values(shown)) }
}
