import { z } from 'zod'
import { route } from '../route.ts'

const id = z.string().min(1).max(100)

const server = z.object({
  id: z.string(),
  name: z.string(),
  url: z.string(),
  /** http to another machine: everybody in the network can read along. */
  isPlain: z.boolean(),
  /** `open`: it wants no login. */
  state: z.enum(['signed-in', 'signed-out', 'signing-in', 'open']),
  /** Who signed in, and until when the server holds it. */
  user: z.string().optional(),
  expiresAt: z.number().int().optional(),
})

/** A file on its way from a contents server to a printer. */
const transfer = z.object({
  id: z.string(),
  printerId: z.string(),
  printerName: z.string(),
  server: z.string(),
  name: z.string(),
  state: z.enum(['fetching', 'sending', 'failed']),
  receivedBytes: z.number().int(),
  sizeBytes: z.number().int(),
  /** Why it failed. */
  message: z.string().optional(),
})

const contents = z.object({
  servers: z.array(server).readonly(),
  transfers: z.array(transfer).readonly(),
})

const login = z.object({
  id: z.string(),
  server: z.object({ name: z.string(), url: z.string(), isPlain: z.boolean() }),
  /** The origin of the application that waits for it; absent where the owner wanted it. */
  origin: z.string().optional(),
  /** P-256, uncompressed, base64url: what is typed is sealed with it, and only so does it leave the window. */
  publicKey: z.string(),
  problem: z.enum(['wrong', 'too-often', 'failed']).optional(),
  message: z.string().optional(),
  askedAt: z.number().int(),
  expiresAt: z.number().int(),
})
const logins = z.object({ logins: z.array(login).readonly() })

const base = { scope: 'contents', owner: true } as const
const own = { scope: 'contentslogin', owner: true } as const

/** Contents servers, for their owner. What an application asks is `3dprinter/contents`. */
export const contentsRoutes = {
  'GET contents': route({
    ...base,
    about: 'Lists the contents servers that are set up, and the files that come from them.',
    params: z.object({}),
    result: contents,
  }),
  'EVENT contents': route({
    ...base,
    about: 'Tells the same now and whenever it changes.',
    params: z.object({}),
    result: contents,
  }),
  'POST contents/probe': route({
    ...base,
    about: 'Asks an address whether a contents server lives there.',
    params: z.object({ address: z.string().min(1).max(500) }),
    result: z.object({
      url: z.string(),
      name: z.string(),
      login: z.enum(['password', 'none']),
      isPlain: z.boolean(),
    }),
  }),
  'POST contents/server': route({
    ...base,
    about: 'Sets a contents server up. Without a name it keeps its own.',
    params: z.object({
      address: z.string().min(1).max(500),
      name: z.string().trim().max(100).optional(),
    }),
    result: z.object({ id: z.string() }),
  }),
  'DELETE contents/server': route({
    ...base,
    about: 'Takes a contents server away and signs out there.',
    params: z.object({ id }),
    result: z.object({}),
  }),
  'POST contents/session': route({
    ...base,
    about: 'Opens the login window for a contents server.',
    params: z.object({ id }),
    result: z.object({}),
  }),
  'DELETE contents/session': route({
    ...base,
    about: 'Signs out at a contents server.',
    params: z.object({ id }),
    result: z.object({}),
  }),
  'DELETE contents/transfer': route({
    ...base,
    about: 'Calls off a file that is on its way, or puts away one that failed.',
    params: z.object({ id }),
    result: z.object({}),
  }),
  'GET contentslogin': route({
    ...own,
    about: 'Lists the logins that wait for the owner, oldest first.',
    params: z.object({}),
    result: logins,
  }),
  'EVENT contentslogin': route({
    ...own,
    about: 'Tells the same now and whenever it changes.',
    params: z.object({}),
    result: logins,
  }),
  'PUT contentslogin/answer': route({
    ...own,
    about: 'Logs in with sealed credentials. What is wrong with them is an answer, and the login stays open.',
    params: z.object({ id, sealed: z.string().min(1).max(8_000) }),
    result: z.object({
      state: z.enum(['signed-in', 'wrong', 'too-often', 'failed']),
      message: z.string().optional(),
    }),
  }),
  'DELETE contentslogin/answer': route({
    ...own,
    about: 'Does not log in: whoever waits for it hears a no.',
    params: z.object({ id }),
    result: z.object({}),
  }),
} as const
