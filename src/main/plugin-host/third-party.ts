import type { Manifest } from './manifest.ts'
import type { ThirdPartyPlugin } from './service-host.ts'

/** gotapi 7.4: what the owner is asked about. Everything they are shown is part of its identity, its version is not. */
export function thirdPartyOf({
  id,
  name,
  manufacturer = '',
  profiles,
}: Pick<Manifest, 'id' | 'name' | 'manufacturer' | 'profiles'>): ThirdPartyPlugin {
  const shown = { id, name, manufacturer, profiles: Object.keys(profiles).sort() }
  return { ...shown, identity: JSON.stringify(Object.values(shown)) }
}
