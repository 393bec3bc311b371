import { z } from 'zod'
import { route } from '../route.ts'

/**
 * What stands open before the owner. `access`: an application wants in. `key`: an application's key was handed
 * over by a `gotapi://` link and waits to be paired. `keyword`: somebody asked to see the owner's word.
 */
export const approval = z.object({
  id: z.string(),
  kind: z.enum(['access', 'key', 'keyword']),
  origin: z.string(),
  /** What the application calls itself; its origin where it gave no name. Never to be trusted, only shown. */
  name: z.string(),
  /** Lower-case profile names, or `all`. Empty unless `access`. */
  scopes: z.array(z.string()).readonly(),
  /** How long Allow would hold. */
  lifeDays: z.number(),
  /** Only with `keyword`; empty when the owner has not chosen one. */
  keyword: z.string().optional(),
  askedAt: z.number().int(),
  /** Without an answer by then it is a no. */
  expiresAt: z.number().int(),
})

const approvals = z.object({ approvals: z.array(approval).readonly() })

/** The permission desk. */
export const approvalRoutes = {
  'GET approvals': route({
    about: 'Lists the questions that wait for the owner, oldest first.',
    scope: 'approvals',
    owner: true,
    params: z.object({}),
    result: approvals,
  }),
  'EVENT approvals': route({
    about: 'Tells the open questions now and whenever they change.',
    scope: 'approvals',
    owner: true,
    params: z.object({}),
    result: approvals,
  }),
  'PUT approvals/decision': route({
    about: 'Answers a question. Once: only until the application leaves, at most an hour, and never kept.',
    scope: 'approvals',
    owner: true,
    params: z.object({ id: z.string().min(1).max(100), decision: z.enum(['allow', 'once', 'deny']) }),
    result: z.object({}),
  }),
} as const
