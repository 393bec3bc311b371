import { z } from 'zod'
import type { RouteSpec } from '../../contract/route.ts'
import { routes } from '../../contract/routes.ts'

type Json = Readonly<Record<string, unknown>>

const described = new Map<string, Json>()

/** gotapi 5.2: a Swagger 2.0 document for each of the profiles that Gantry's own route map knows. */
export function describeProfiles(profiles: readonly string[]): Readonly<Record<string, Json>> {
  const known = profiles.flatMap(profile => {
    const description = described.get(profile) ?? describe(profile)
    if (description) described.set(profile, description)
    return description ? [[profile, description] as const] : []
  })
  return Object.fromEntries(known)
}

function describe(profile: string): Json | undefined {
  const paths: Record<string, Record<string, Json>> = {}
  for (const [name, spec] of Object.entries(routes) as [string, RouteSpec][]) {
    const [method = '', path = ''] = name.split(' ')
    if (path.split('/')[0]?.toLowerCase() !== profile.toLowerCase()) continue
    const rest = path.slice(profile.length) || '/'
    const operations = paths[rest] ?? {}
    paths[rest] = operations
    for (const verb of method === 'EVENT' ? ['put', 'delete'] : [method.toLowerCase()]) {
      operations[verb] = describeOperation(spec, method === 'EVENT')
    }
  }
  if (Object.keys(paths).length === 0) return undefined
  return { swagger: '2.0', info: { title: profile, version: '1.0' }, basePath: `/gotapi/${profile}`, paths }
}

function describeOperation(spec: RouteSpec, isEvent: boolean): Json {
  const schema = jsonSchema(spec.params)
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

function jsonSchema(schema: z.ZodObject, io: 'input' | 'output' = 'input'): Json {
  const { $schema: _, ...json } = z.toJSONSchema(schema, { io, unrepresentable: 'any' })
  return json
}
