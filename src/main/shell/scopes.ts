import { routes } from '../contract/routes.ts'

/** Every scope there is: what the dashboard's own window may do. */
export const allScopes: readonly string[] = [
  ...new Set(Object.values(routes).flatMap(({ scope }) => (scope === null ? [] : [scope]))),
]
