import { z } from 'zod'
import { route } from '../route.ts'

/** gotapi 4: how an application becomes known and is let in. */
export const authorizationRoutes = {
  'GET authorization/grant': route({
    about:
      'Makes the calling application known. An earlier client of the same origin and its token end when this one gets its token.',
    scope: null,
    params: z.object({
      device: z
        .string()
        .regex(/^[A-Za-z0-9_-]{8,64}$/)
        .optional()
        .describe('one of several viewers of a page that Gantry serves itself; others leave it out'),
    }),
    result: z.object({ clientId: z.string() }),
  }),
  'GET authorization/accesstoken': route({
    about: 'Asks the owner to let the application in. Answers when they have decided.',
    scope: null,
    params: z.object({
      clientId: z.string().min(1).max(100),
      scope: z.string().min(1).max(2_000).describe('profile names separated by commas, or all'),
      applicationName: z.string().max(100).optional().describe('what the owner is shown beside the origin'),
      invitation: z
        .string()
        .max(200)
        .optional()
        .describe('a one-time code from the owner: no question is asked'),
    }),
    result: z.object({
      accessToken: z.string(),
      scopes: z.array(z.object({ scope: z.string(), expirePeriod: z.number().describe('seconds from now') })),
      expire: z.number().int().describe('Unix ms when the first of the scopes ends'),
    }),
  }),
} as const
