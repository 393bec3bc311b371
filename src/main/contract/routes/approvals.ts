import { z } from 'zod'
import { route } from '../route.ts'

/** The window and the system, a program of this machine, another device on the network. */
export const via = z.enum(['inside', 'loopback', 'lan'])

const open = {
  id: z.string(),
  origin: z.string(),
  via,
  /** Of the device, where it is another one and is known. */
  address: z.string().optional(),
  /** What the application calls itself; its origin where it gave no name. Never to be trusted, only shown. */
  name: z.string(),
  askedAt: z.number().int(),
  /** Without an answer by then it is a no. */
  expiresAt: z.number().int(),
}

/** An application wants in. */
const access = z.object({
  ...open,
  kind: z.literal('access'),
  /** Lower-case profile names, or `all`. */
  scopes: z.array(z.string()).readonly(),
  /** How long Allow would hold. */
  lifeDays: z.number(),
})

/** gotapi 7.4: an application that was let in wants to use a plug-in that did not come with Gantry. */
const plugin = z.object({
  ...open,
  kind: z.literal('plugin'),
  plugin: z.object({
    id: z.string(),
    name: z.string(),
    /** Empty where the plug-in names nobody. */
    manufacturer: z.string(),
    profiles: z.array(z.string()).readonly(),
  }),
})

/** An application's key was handed over by a `gotapi://` link and waits to be paired. */
const key = z.object({ ...open, kind: z.literal('key') })

/** Somebody asked to see the owner's word; empty when the owner has not chosen one. */
const keyword = z.object({ ...open, kind: z.literal('keyword'), keyword: z.string() })

/** A question that stands open before the owner: who asks, and `kind` for what. */
export const question = z.discriminatedUnion('kind', [access, plugin, key, keyword])

const questions = z.object({ approvals: z.array(question).readonly() })

/** The permission desk. */
export const approvalRoutes = {
  'GET approvals': route({
    about: 'Lists the questions that wait for the owner, oldest first.',
    scope: 'approvals',
    owner: true,
    params: z.object({}),
    result: questions,
  }),
  'EVENT approvals': route({
    about: 'Tells the open questions now and whenever they change.',
    scope: 'approvals',
    owner: true,
    params: z.object({}),
    result: questions,
  }),
  'PUT approvals/decision': route({
    about:
      'Answers a question. Once is never kept: access ends when the application leaves, within an hour; a plug-in when the token ends. Never is a no to this question and to all that the application asks on this way from now on.',
    scope: 'approvals',
    owner: true,
    params: z.object({
      id: z.string().min(1).max(100),
      decision: z.enum(['allow', 'once', 'deny', 'never']),
    }),
    result: z.object({}),
  }),
} as const
