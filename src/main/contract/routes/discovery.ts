import { z } from 'zod'
import { route } from '../route.ts'

/** gotapi 5.1 */
const service = z.object({
  id: z.string(),
  serviceId: z.string().describe('the same as id'),
  name: z.string(),
  online: z.boolean(),
  scopes: z.array(z.string()).readonly(),
  type: z.string().optional(),
  config: z.string().optional(),
  manufacturer: z.string().optional(),
  version: z.string().optional(),
})

const connect = z.object({ wifi: z.boolean(), bluetooth: z.boolean(), ble: z.boolean(), nfc: z.boolean() })

export const discoveryRoutes = {
  'GET servicediscovery': route({
    about: 'Lists the services of every plug-in that answers in time.',
    scope: 'servicediscovery',
    params: z.object({}),
    result: z.object({ services: z.array(service).readonly() }),
  }),
  'EVENT servicediscovery/onservicechange': route({
    about: 'Tells the services whenever one came, went or changed.',
    scope: 'servicediscovery',
    params: z.object({}),
    result: z.object({ networkService: z.object({ services: z.array(service).readonly() }) }),
  }),
  'GET serviceinformation': route({
    about: 'Says what one service can do, with a Swagger 2.0 description of each of its profiles.',
    scope: 'serviceinformation',
    service: 'any',
    params: z.object({}),
    result: z.object({
      connect: connect.readonly(),
      supports: z.array(z.string()).readonly(),
      supportApis: z.record(z.string(), z.unknown()).readonly(),
    }),
  }),
} as const
