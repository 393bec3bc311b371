import { z } from 'zod'
import { route } from '../route.ts'
import { settingsSchema } from '../settings.ts'

export const settingsRoutes = {
  'GET settings': route({
    about: 'Tells the settings of this Gantry.',
    scope: 'settings',
    owner: true,
    params: z.object({}),
    result: settingsSchema,
  }),
  'PUT settings': route({
    about: 'Changes the settings that are given and leaves the others. Answers with all of them.',
    scope: 'settings',
    owner: true,
    params: settingsSchema.partial(),
    result: settingsSchema,
  }),
  'EVENT settings/changes': route({
    about: 'Tells all settings whenever one of them changes.',
    scope: 'settings',
    owner: true,
    params: z.object({}),
    result: settingsSchema,
  }),
} as const
