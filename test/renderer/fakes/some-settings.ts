import type { RouteResult } from '@contract/routes.ts'

type Settings = RouteResult<'GET settings'>

/** Settings as they are before the owner touched them, in English, with what this test changed. */
export const someSettings = (changed: Partial<Settings> = {}): Settings => ({
  language: 'en',
  theme: 'light',
  name: 'Workshop',
  grantedDays: 30,
  requestsPerSecond: 1_000,
  errorStyle: 'auto',
  allowNullOrigin: false,
  keepLineOpen: false,
  refuseRepeatedNonce: false,
  hostNames: [],
  ...changed,
})
