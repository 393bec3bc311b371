import { z } from 'zod'
import { route } from '../route.ts'
import { via } from './approvals.ts'
import { hmacKey } from './availability.ts'

const origin = z.string().min(1).max(255)

/** A plug-in that did not come with Gantry and that the application may use (gotapi 7.4). */
const appPlugin = z.object({
  id: z.string(),
  name: z.string(),
  /** Allowed once: it ends with the application's token. */
  once: z.boolean(),
  since: z.number().int(),
})

/** One application that was let in. */
const app = z.object({
  clientId: z.string(),
  origin: z.string(),
  /** The way it was let in by: it may come by no other. */
  via,
  name: z.string(),
  /** One of Gantry's own viewers: a window, a browser, a phone, the command line. */
  own: z.boolean(),
  /** Allowed once: it ends with its visit. */
  once: z.boolean(),
  /** `all`: every profile, the owner's included. */
  scopes: z.array(z.object({ scope: z.string(), expiresAt: z.number().int() })).readonly(),
  plugins: z.array(appPlugin).readonly(),
  since: z.number().int(),
  usedAt: z.number().int(),
  requestsToday: z.number().int(),
  /** Holds a GotAPI-5 line now. */
  live: z.boolean(),
  /** Its line stays open after its last DELETE. */
  keepLineOpen: z.boolean(),
  follows: z.number().int(),
})

const pairedKey = z.object({ origin: z.string(), since: z.number().int() })

/** Taken back, and dark since then, but the disk has not taken it yet: a restart would bring it back. */
const unwritten = z.object({
  clientId: z.string(),
  origin: z.string(),
  name: z.string(),
  /** Only its use of this plug-in. */
  plugin: z.object({ id: z.string(), name: z.string() }).optional(),
  since: z.number().int(),
})

/** Must not ask the owner again. */
const silenced = z.object({ origin: z.string(), via, since: z.number().int() })

const end = z.object({
  written: z
    .boolean()
    .describe(
      'false: it is over now, but the disk refused; Gantry tries on, and until then a restart brings it back',
    ),
})

const apps = z.object({
  apps: z.array(app).readonly(),
  unwritten: z.array(unwritten).readonly(),
  silenced: z.array(silenced).readonly(),
  keys: z.array(pairedKey).readonly(),
  hasKeyword: z.boolean(),
})

/** Who may do what, for the screen of that name. */
export const appRoutes = {
  'GET apps': route({
    about:
      'Lists the applications that may use Gantry, those that may not ask, and the keys that are paired.',
    scope: 'apps',
    owner: true,
    params: z.object({}),
    result: apps,
  }),
  'EVENT apps': route({
    about: 'Tells the same now and whenever it changes.',
    scope: 'apps',
    owner: true,
    params: z.object({}),
    result: apps,
  }),
  'DELETE apps/client': route({
    about: 'Takes the permission of an application back, at once and everywhere.',
    scope: 'apps',
    owner: true,
    params: z.object({ clientId: z.string().min(1).max(100) }),
    result: end,
  }),
  'PUT apps/line': route({
    about:
      'Says whether the WebSocket of one application stays open after its last DELETE: for one that never opens another.',
    scope: 'apps',
    owner: true,
    params: z.object({
      clientId: z.string().min(1).max(100),
      keepOpen: z.union([z.boolean(), z.stringbool()]),
    }),
    result: z.object({}),
  }),
  'DELETE apps/plugin': route({
    about: 'Takes back that an application may use a plug-in, at once: what it follows there ends.',
    scope: 'apps',
    owner: true,
    params: z.object({ clientId: z.string().min(1).max(100), pluginId: z.string().min(1).max(100) }),
    result: end,
  }),
  'DELETE apps/silenced': route({
    about: 'Lets an application ask again that was never to ask again.',
    scope: 'apps',
    owner: true,
    params: z.object({ origin, via }),
    result: z.object({}),
  }),
  'PUT apps/key': route({
    about: 'Pairs a key with an origin: every answer to it is signed from then on (hex mode).',
    scope: 'apps',
    owner: true,
    params: z.object({ origin, key: hmacKey }),
    result: z.object({}),
  }),
  'DELETE apps/key': route({
    about: 'Forgets the key of an origin.',
    scope: 'apps',
    owner: true,
    params: z.object({ origin }),
    result: z.object({}),
  }),
  'PUT apps/keyword': route({
    about: 'Sets the word by which the owner knows this Gantry; empty removes it.',
    scope: 'apps',
    owner: true,
    params: z.object({ keyword: z.string().trim().max(60) }),
    result: z.object({}),
  }),
  'GET apps/keyword': route({
    about: 'The word by which the owner knows this Gantry.',
    scope: 'apps',
    owner: true,
    params: z.object({}),
    result: z.object({ keyword: z.string() }),
  }),
} as const
