import { z } from 'zod'
import type { RouteSpec } from '../contract/route.ts'
import { routes } from '../contract/routes.ts'
import { profileOf } from './profiles.ts'

type Json = Readonly<Record<string, unknown>>

export interface ApiDescription extends Json {
  readonly swagger: '2.0'
  readonly info: { readonly title: string; readonly version: string }
  readonly paths: Readonly<Record<string, Json>>
}

/** Of each profile by its name, written when somebody first asks: most of a day nobody does. */
export function describeProfiles(
  profiles: readonly string[],
  version: string,
): Readonly<Record<string, ApiDescription>> {
  const described: Record<string, ApiDescription> = {}
  for (const profile of profiles) {
    let written: ApiDescription | undefined
    Object.defineProperty(described, profile, {
      enumerable: true,
      get() {
        written ??= describeProfile(profile, version)
        return written
      },
    })
  }
  return described
}

/** gotapi 5.2 and 7.6: the Swagger 2.0 document of one profile, as the route map has it. */
export function describeProfile(profile: string, version: string): ApiDescription {
  const paths: Record<string, Record<string, Json>> = {}
  for (const [route, spec] of Object.entries<RouteSpec>(routes)) {
    if (profileOf(route) !== profile) continue
    const [method = '', path = ''] = route.split(' ')
    const place = path.slice(profile.length) || '/'
    const operations = paths[place] ?? {}
    paths[place] = operations
    const isEvent = method === 'EVENT'
    for (const verb of isEvent ? ['put', 'delete'] : [method.toLowerCase()])
      operations[verb] = describeOperation(spec, isEvent)
  }
  return { swagger: '2.0', info: { title: profile, version }, basePath: `/gotapi/${profile}`, paths }
}

function describeOperation(spec: RouteSpec, isEvent: boolean): Json {
  const schema = jsonSchema(spec.params, 'input')
  const required = new Set(Array.isArray(schema.required) ? schema.required : [])
  const parameters = Object.entries((schema.properties ?? {}) as Record<string, Json>).map(
    ([name, property]) => ({
      name,
      in: 'query',
      required: required.has(name),
      type: typeof property.type === 'string' ? property.type : 'string',
      ...(property.description !== undefined && { description: property.description }),
    }),
  )
  const service = { name: 'serviceId', in: 'query', required: true, type: 'string' }
  return {
    summary: spec.about,
    ...(isEvent && { 'x-type': 'event' }),
    parameters: spec.service ? [service, ...parameters] : parameters,
    responses: {
      200: {
        description: isEvent ? 'The shape of each event.' : 'Success.',
        schema: jsonSchema(spec.result, 'output'),
      },
    },
  }
}

function jsonSchema(schema: z.ZodObject, io: 'input' | 'output'): Json {
  const { $schema: _, ...json } = z.toJSONSchema(schema, { io, unrepresentable: 'any' })
  return json
}
