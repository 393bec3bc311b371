import { z } from 'zod'
import { GantryError } from '../contract/error.ts'

/** gotapi 5.1: the characters every client library accepts in a service id. */
const serviceName = z.string().regex(/^[A-Za-z0-9_.:*+-]{1,100}$/, 'only letters, digits and - _ . : * +')
const profileName = z.string().regex(/^[A-Za-z0-9_.-]{1,60}$/, 'only letters, digits and - _ .')
const shown = (max: number) => z.string().trim().min(1).max(max)

/** gotapi 5.1: a service in a plug-in's own words. Device Connect says `id`, node-gotapi says `serviceId`. */
export const pluginService = z
  .object({
    id: serviceName.optional(),
    serviceId: serviceName.optional(),
    name: shown(200),
    online: z.boolean(),
    scopes: z.array(profileName).min(1).max(50).optional(),
    type: shown(50).optional().catch(undefined),
    config: z.string().max(2_000).optional().catch(undefined),
    manufacturer: shown(200).optional().catch(undefined),
    version: shown(50).optional().catch(undefined),
  })
  .transform((service, context) => {
    const localId = service.id ?? service.serviceId
    if (localId === undefined) {
      context.addIssue({ code: 'custom', path: ['serviceId'], message: 'a service needs an id' })
      return z.NEVER
    }
    return { ...service, localId }
  })

export type PluginService = z.output<typeof pluginService>

/** A Swagger 2.0 document, held to its outline only: it is shown to applications, never run. */
const apiDescription = z.looseObject({
  swagger: z.literal('2.0'),
  info: z.looseObject({ title: z.string(), version: z.string() }),
  paths: z.record(z.string().startsWith('/'), z.record(z.string(), z.unknown())),
})

/** gotapi 7.6: `plugin.json`, what a plug-in says of itself before it runs. */
export const manifestSchema = z.strictObject({
  id: z.string().regex(/^[a-z][a-z0-9-]{1,39}$/, 'small letters, digits and -, 2 to 40, a letter first'),
  name: shown(80),
  version: z.string().regex(/^\d+\.\d+\.\d+([-+][0-9A-Za-z.+-]+)?$/, 'three numbers, such as 1.0.0'),
  about: shown(500).optional(),
  manufacturer: shown(200).optional(),
  /** The file to run, inside the folder. */
  main: z
    .string()
    .regex(
      /^(?!.*(^|\/)\.\.?(\/|$))[A-Za-z0-9_.-]+(\/[A-Za-z0-9_.-]+)*\.(js|mjs|cjs)$/,
      'a .js file in the folder',
    ),
  /** `node-gotapi` runs a plug-in written for that server; ours is the default. */
  protocol: z.enum(['gantry', 'node-gotapi']).default('gantry'),
  profiles: z
    .record(profileName, apiDescription)
    .refine(profiles => Object.keys(profiles).length > 0, 'at least one profile'),
  /** Services that are always there; a plug-in whose services come and go answers discovery instead. */
  services: z.array(pluginService).max(200).default([]),
})

export type Manifest = z.output<typeof manifestSchema>
/** A built-in plug-in has no file of its own. */
export type BuiltInManifest = Omit<Manifest, 'main' | 'protocol'>

/** gotapi 3.2 and the server's own profiles: a plug-in that claims one of these could never be reached. */
const always = [
  'get',
  'put',
  'post',
  'delete',
  'authorization',
  'availability',
  'servicediscovery',
  'networkservicediscovery',
  'serviceinformation',
  'system',
  'websocket',
  'all',
]

/** gotapi 7.6: a manifest, or one sentence that says everything that is wrong with it. */
export function parseManifest(text: string, folderName: string, ownProfiles: readonly string[]): Manifest {
  const read = manifestSchema.safeParse(readJson(text, folderName))
  if (!read.success) {
    const problems = read.error.issues.map(
      issue => `${issue.path.join('.') || 'plugin.json'}: ${issue.message}`,
    )
    throw invalid(folderName, problems)
  }
  const problems: string[] = []
  const { id, profiles, services } = read.data
  if (id !== folderName) problems.push(`id: the folder is called "${folderName}", the plug-in "${id}"`)
  const taken = new Set([...always, ...ownProfiles.map(name => name.toLowerCase())])
  for (const name of Object.keys(profiles))
    if (taken.has(name.toLowerCase())) problems.push(`profiles.${name}: Gantry serves this profile itself`)
  const known = new Set(Object.keys(profiles).map(name => name.toLowerCase()))
  for (const service of services)
    for (const scope of service.scopes ?? [])
      if (!known.has(scope.toLowerCase()))
        problems.push(`services.${service.localId}: "${scope}" is not one of its profiles`)
  if (problems.length > 0) throw invalid(folderName, problems)
  return read.data
}

function readJson(text: string, folderName: string): unknown {
  try {
    return JSON.parse(text)
  } catch (thrown) {
    const why = thrown instanceof Error ? thrown.message : 'unreadable'
    throw invalid(folderName, [`plugin.json: not JSON (${why})`])
  }
}

function invalid(folderName: string, problems: readonly string[]): GantryError {
  const sentence = `${folderName}/plugin.json is not right: ${problems.join('; ')}.`
  return new GantryError('plugin.invalid', sentence, { problems })
}
