import { z } from 'zod'
import { route } from '../route.ts'

export const systemRoutes = {
  'GET system': route({
    about: 'Lists the profiles Gantry itself serves and the plug-ins it has.',
    scope: 'system',
    params: z.object({}),
    result: z.object({
      supports: z.array(z.string()),
      plugins: z.array(
        z.object({ id: z.string(), name: z.string(), version: z.string(), supports: z.array(z.string()) }),
      ),
    }),
  }),
} as const
