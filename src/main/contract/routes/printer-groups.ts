import { z } from 'zod'
import { jsonParam } from '../json-param.ts'
import { route } from '../route.ts'

const base = { scope: 'printergroups', service: 'room' } as const

const groupId = z.string().min(1).max(100)
const name = z
  .string()
  .trim()
  .min(1)
  .max(60)
  .regex(/^\P{Cc}*$/u, 'control characters are not allowed')
const printerIds = jsonParam(z.array(z.string().min(1).max(100)).max(1_000).readonly())

const list = z.object({
  groups: z.array(z.object({ id: z.string(), name: z.string(), printerIds: z.array(z.string()) })),
})
const done = z.object({})

/** Groups of the owner's own. All of the service “room”; a printer stands in one group or in none. */
export const printerGroupsRoutes = {
  'GET printergroups/list': route({
    ...base,
    about: 'Lists the groups in the owner’s order, each with its printers. Of the service “room”.',
    params: z.object({}),
    result: list,
  }),
  'EVENT printergroups/list': route({
    ...base,
    about: 'Tells the groups, at once and whenever they change. Of the service “room”.',
    params: z.object({}),
    result: list,
  }),
  'POST printergroups/add': route({
    ...base,
    about: 'Makes a group, with printers in it if any are named.',
    params: z.object({ name, printerIds: printerIds.optional() }),
    result: z.object({ groupId: z.string() }),
  }),
  'POST printergroups/rename': route({
    ...base,
    about: 'Gives a group another name.',
    params: z.object({ groupId, name }),
    result: done,
  }),
  'POST printergroups/move': route({
    ...base,
    about: 'Puts a group at another place among the groups.',
    params: z.object({ groupId, place: z.coerce.number().int().min(0).max(1_000).describe('from 0') }),
    result: done,
  }),
  'POST printergroups/remove': route({
    ...base,
    about: 'Removes a group. Its printers stay.',
    params: z.object({ groupId }),
    result: done,
  }),
  'POST printergroups/assign': route({
    ...base,
    about: 'Puts printers into a group, several at once; without a group they leave the one they are in.',
    params: z.object({ printerIds, groupId: groupId.optional() }),
    result: done,
  }),
} as const
