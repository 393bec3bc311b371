import { z } from 'zod'
import { jsonParam } from './json-param.ts'

const languages = ['system', 'en', 'de', 'ja'] as const
const themes = ['system', 'light', 'dark'] as const
const errorStyles = ['auto', 'http', 'always200'] as const
/** A value that comes as text from a caller and as itself from the database. */
const flag = z.union([z.boolean(), z.stringbool()])
const hostName = z
  .string()
  .trim()
  .toLowerCase()
  .max(253)
  .regex(/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/, 'a name without scheme, port or path')

/** What the owner may change while Gantry runs. How one start runs is config, and not here. */
export const settingsSchema = z.object({
  language: z.enum(languages).describe('language of every screen; system: that of the machine'),
  theme: z.enum(themes).describe('light or dark; system: as the machine has it'),
  name: z
    .string()
    .trim()
    .min(1)
    .max(60)
    .regex(/^\P{Cc}*$/u, 'control characters are not allowed')
    .describe('name of this Gantry, as applications and other Gantrys see it'),
  grantedDays: z.coerce.number().int().min(1).max(365).describe('days that a permission holds after Allow'),
  requestsPerSecond: z.coerce
    .number()
    .int()
    .min(50)
    .max(1_000_000)
    .describe('requests that one origin may send in a second; more are answered 429'),
  errorStyle: z
    .enum(errorStyles)
    .describe(
      'HTTP status of a refusal; auto: 200 for callers that send X-GotAPI-Origin, its own for others',
    ),
  allowNullOrigin: flag.describe('whether pages opened from a file may ask for access'),
  keepLineOpen: flag.describe('whether the WebSocket stays open after the last DELETE'),
  refuseRepeatedNonce: flag.describe('whether a nonce that came before within ten minutes is refused'),
  hostNames: jsonParam(z.array(hostName).max(20).readonly()).describe(
    'names beside localhost by which callers on this computer may reach Gantry',
  ),
})

export type Settings = z.infer<typeof settingsSchema>
