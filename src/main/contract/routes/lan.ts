import { z } from 'zod'
import { route } from '../route.ts'

const lan = z.object({
  enabled: z.boolean(),
  /** Why it is not open although it is enabled, in words for the owner. */
  fault: z.string().optional(),
  port: z.number().int(),
  /** Addresses of this machine that others can type. */
  addresses: z.array(z.string()).readonly(),
  /** SHA-256 of the certificate as a browser shows it; absent until the first use. */
  fingerprint: z.string().optional(),
  connections: z
    .array(
      z.object({
        address: z.string(),
        sockets: z.number().int(),
        since: z.number().int(),
        requests: z.number().int(),
      }),
    )
    .readonly(),
})

/** Use from other devices, over TLS only. */
export const lanRoutes = {
  'GET lan': route({
    about: 'Says whether other devices can reach Gantry, and who is connected.',
    scope: 'lan',
    owner: true,
    params: z.object({}),
    result: lan,
  }),
  'EVENT lan': route({
    about: 'Tells the same now and whenever it changes.',
    scope: 'lan',
    owner: true,
    params: z.object({}),
    result: lan,
  }),
  'PUT lan/state': route({
    about: 'Opens Gantry to the network, or closes it at once for everybody on it.',
    scope: 'lan',
    owner: true,
    params: z.object({ enabled: z.union([z.boolean(), z.stringbool()]) }),
    result: lan,
  }),
  'POST lan/pair': route({
    about: 'Makes a link, and its QR code, that signs one browser in. It works once, for ten minutes.',
    scope: 'lan',
    owner: true,
    params: z.object({ address: z.string().max(100).optional() }),
    result: z.object({
      link: z.string(),
      qrSvg: z.string(),
      expiresAt: z.number().int(),
    }),
  }),
} as const
