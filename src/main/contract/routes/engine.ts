import { z } from 'zod'
import { route } from '../route.ts'

const versions = z.object({
  gantry: z.string(),
  node: z.string(),
  electron: z.string().optional(),
  system: z.string().describe('operating system and processor'),
})

export const engineRoutes = {
  'GET engine': route({
    about: 'Tells what runs, since when, and how each part of it is.',
    scope: 'engine',
    owner: true,
    params: z.object({}),
    result: z.object({
      versions,
      schemaVersion: z.int(),
      startedAt: z.number().describe('epoch milliseconds'),
      dataDir: z.string(),
      rooms: z.array(
        z.object({
          name: z.string(),
          state: z.enum(['starting', 'running', 'stopping', 'stopped', 'failed']),
        }),
      ),
    }),
  }),
  'GET diagnostics': route({
    about: 'Names a zip of what helps to find a mistake, without secrets: last log lines, config, versions.',
    scope: 'diagnostics',
    owner: true,
    params: z.object({}),
    result: z.object({
      fileName: z.string(),
      bytes: z.string().describe('where the zip is read, relative to the server (docs/bytes.md)'),
    }),
  }),
} as const
