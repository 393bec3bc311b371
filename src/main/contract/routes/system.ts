import { z } from 'zod'
import { route } from '../route.ts'

export const systemRoutes = {
  'GET system': route({
    about: 'Lists the profiles Gantry itself serves and the plug-ins it has.',
    scope: 'system',
    params: z.object({}),
    result: z.object({
      supports: z.array(z.string()).readonly(),
      plugins: z
        .array(
          z.object({
            id: z.string(),
            name: z.string(),
            version: z.string(),
            supports: z.array(z.string()).readonly(),
          }),
        )
        .readonly(),
    }),
  }),
  'PUT system/device/wakeup': route({
    about: 'Asks a plug-in to show its settings.',
    scope: 'system',
    params: z.object({ pluginId: z.string().min(1).max(200) }),
    result: z.object({}),
  }),
  'EVENT system/heartbeat': route({
    about:
      'Beats, at once and then steadily, so that who follows anything knows whether the line still carries.',
    scope: 'system',
    params: z.object({}),
    result: z.object({
      at: z.number().int().describe('Unix ms, Gantry’s clock'),
      everyMs: z.number().int().describe('until the next one'),
    }),
  }),
  'DELETE system/events': route({
    about: 'Ends everything the calling application follows.',
    scope: 'system',
    params: z.object({}),
    result: z.object({}),
  }),
  'PUT system/keyword': route({
    about: 'Shows the owner the word they chose, so that they can tell this Gantry from an impostor.',
    scope: 'system',
    params: z.object({}),
    result: z.object({}),
  }),
} as const
