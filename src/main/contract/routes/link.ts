import { z } from 'zod'
import { route } from '../route.ts'

export const linkRoutes = {
  'POST link': route({
    about:
      'Makes a link that signs one browser on this machine in to the dashboard. It works once, for ten minutes.',
    scope: 'link',
    owner: true,
    params: z.object({}),
    result: z.object({ link: z.string(), expiresAt: z.number().int().describe('epoch milliseconds') }),
  }),
} as const
