import { z } from 'zod'
import { noticeSchema } from '../notice.ts'
import { route } from '../route.ts'

const notices = z.object({ notices: z.array(noticeSchema).describe('newest first') })

export const noticesRoutes = {
  'GET notices': route({
    about: 'Lists what the owner must be told and has not put away.',
    scope: 'notices',
    owner: true,
    params: z.object({}),
    result: notices,
  }),
  'DELETE notices': route({
    about: 'Puts one notice away.',
    scope: 'notices',
    owner: true,
    params: z.object({ id: z.string().min(1).max(200) }),
    result: notices,
  }),
  'EVENT notices/changes': route({
    about: 'Tells the whole list whenever it changes.',
    scope: 'notices',
    owner: true,
    params: z.object({}),
    result: notices,
  }),
} as const
