import { z } from 'zod'
import { route } from '../route.ts'

/** One plug-in, running or kept out. */
const plugin = z.object({
  id: z.string(),
  name: z.string(),
  version: z.string().describe('empty when it is invalid'),
  about: z.string(),
  builtIn: z.boolean().describe('comes with Gantry'),
  enabled: z.boolean(),
  state: z
    .enum(['off', 'running', 'waiting', 'given-up', 'invalid'])
    .describe(
      'waiting: it stopped and is started again soon; given-up: it stopped too often; invalid: its manifest keeps it out',
    ),
  reason: z.string().describe('why it does not run, in words; empty when it does'),
  restarts: z.number().int().describe('since Gantry started'),
  startsAgainAt: z.number().int().optional().describe('while it waits to be started again'),
  profiles: z.array(z.string()).readonly(),
  services: z.array(z.object({ id: z.string(), name: z.string(), online: z.boolean() })).readonly(),
})

const plugins = z.object({ plugins: z.array(plugin).readonly() })
const pluginId = z.string().min(1).max(100)

export const pluginRoutes = {
  'GET plugins': route({
    about: 'Lists the plug-ins, those that are kept out included, and how each of them is.',
    scope: 'plugins',
    owner: true,
    params: z.object({}),
    result: plugins,
  }),
  'EVENT plugins': route({
    about: 'Tells the same now and whenever it changes.',
    scope: 'plugins',
    owner: true,
    params: z.object({}),
    result: plugins,
  }),
  'PUT plugins/enabled': route({
    about: 'Switches a plug-in on or off, at once and for good.',
    scope: 'plugins',
    owner: true,
    params: z.object({ id: pluginId, enabled: z.union([z.boolean(), z.stringbool()]) }),
    result: plugins,
  }),
  'POST plugins/restart': route({
    about: 'Starts a plug-in anew and forgives its crashes.',
    scope: 'plugins',
    owner: true,
    params: z.object({ id: pluginId }),
    result: plugins,
  }),
  'POST plugins/search': route({
    about: 'Reads the folder of plug-ins again: new ones start, changed ones start anew, lost ones end.',
    scope: 'plugins',
    owner: true,
    params: z.object({}),
    result: plugins,
  }),
} as const
