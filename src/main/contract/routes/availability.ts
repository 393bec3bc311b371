import { z } from 'zod'
import { route } from '../route.ts'

/** gotapi 10.3: what a key that signs answers looks like. */
export const hmacKey = z
  .string()
  .regex(/^(?:[0-9a-fA-F]{2}){16,64}$/, 'a key is 32 to 128 hexadecimal digits, an even number of them')

export const availabilityRoutes = {
  'GET availability': route({
    about: 'Says that Gantry runs. The first call of every application.',
    scope: null,
    params: z.object({
      key: hmacKey.optional().describe('key for HMAC server authentication, kept for this origin'),
    }),
    result: z.object({ name: z.string().optional().describe('the name its owner gave this Gantry') }),
  }),
} as const
