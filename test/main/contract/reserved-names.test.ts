import { describe, expect, it } from 'vitest'
import type { z } from 'zod'
import { reservedNames } from '../../../src/main/contract/reserved-names.ts'
import type { RouteSpec } from '../../../src/main/contract/route.ts'
import { routes } from '../../../src/main/contract/routes.ts'

const namesOf = (schema: z.ZodObject) => Object.keys(schema.shape)

describe('reserved names', () => {
  it('stand in no result of a route of Gantry’s own, where they would be dropped without a word', () => {
    const clashes = (Object.entries(routes) as [string, RouteSpec][]).flatMap(([route, { result }]) => {
      const reserved = route.startsWith('EVENT ') ? reservedNames.event : reservedNames.answer
      return namesOf(result)
        .filter(name => reserved.has(name))
        .map(name => `${route}: ${name}`)
    })
    expect(clashes).toEqual([])
  })

  it('of a plug-in are all of them, in lower case', () => {
    for (const name of [...reservedNames.answer, ...reservedNames.event]) {
      expect(reservedNames.ofPlugin).toContain(name.toLowerCase())
    }
  })
})
