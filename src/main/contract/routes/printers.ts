import { z } from 'zod'
import { snapshot } from '../printer.ts'
import { printerNote } from '../printer-note.ts'
import { route } from '../route.ts'

/** One printer Gantry has, whether it answers or not. */
const printerSummary = z.object({
  id: z.string(),
  /** What calls about this printer name. */
  serviceId: z.string(),
  name: z.string(),
  driver: z.string(),
  driverName: z.string(),
  /** Where it is: a host or a port; never with a secret. Told to the owner's own programs only. */
  address: z.string().optional(),
  /** Set when it turned up at another address or port than before. Told to the owner's own programs only. */
  movedFrom: z.string().optional(),
  /** What a person should know about who it is. */
  notes: z.array(printerNote).readonly().optional(),
  simulated: z.boolean(),
  /** A finished or cancelled job was not yet taken off the bed. */
  bedToClear: z.boolean(),
  /** A file on its way to the printer. */
  transfer: z
    .object({ name: z.string(), sentBytes: z.number().int(), sizeBytes: z.number().int() })
    .optional(),
  /** Why the last file did not get there. */
  transferError: z.string().optional(),
  addedAt: z.number().int(),
  snapshot,
})

const list = z.object({
  /** Counts up by one per frame; a gap means: ask for the list again. */
  sequence: z.number().int(),
  /** When Gantry said this, by its own clock: a viewer's clock may be another. */
  at: z.number().int(),
  /** Whether these are all printers or only those that changed. */
  full: z.boolean(),
  printers: z.array(printerSummary),
  removed: z.array(z.string()),
})

const series = z.object({
  id: z.string().describe('the heater'),
  /** [Unix ms, actual °C or null, target °C or null] */
  points: z.array(z.tuple([z.number(), z.number().nullable(), z.number().nullable()])),
})

const span = {
  from: z.coerce.number().int().optional().describe('Unix ms; the last hour when absent'),
  to: z.coerce.number().int().optional(),
}

const ofRoom = { scope: 'printers', service: 'room' } as const
const ofPrinter = { scope: 'printers', service: 'printer' } as const
const past = { scope: 'printerhistory', service: 'printer' } as const

/** To see, and only to see. `printers/list` belongs to the service `room`, the others to each printer. */
export const printersRoutes = {
  'GET printers/list': route({
    ...ofRoom,
    about: 'Lists every printer in the room with all that is known of it. Of the service “room”.',
    params: z.object({}),
    result: list,
  }),
  'EVENT printers/list': route({
    ...ofRoom,
    about:
      'Tells all of them first, then those that changed, each about twice a second at most. Of the service “room”.',
    params: z.object({}),
    result: list,
  }),
  'GET printers/one': route({
    ...ofPrinter,
    about: 'Tells all that is known of one printer.',
    params: z.object({}),
    result: z.object({ printer: printerSummary }),
  }),
  'EVENT printers/terminal': route({
    ...ofPrinter,
    about: 'Tells what Gantry and the printer say to each other, line by line.',
    params: z.object({}),
    result: z.object({
      lines: z.array(z.object({ at: z.number().int(), way: z.enum(['sent', 'heard']), text: z.string() })),
    }),
  }),
  'GET printerhistory/temperatures': route({
    ...past,
    about: 'Tells the temperatures of a span of time, thinned out to at most as many points as asked for.',
    params: z.object({ ...span, points: z.coerce.number().int().min(2).max(2_000).default(600) }),
    result: z.object({ series: z.array(series) }),
  }),
  'GET printerhistory/states': route({
    ...past,
    about: 'Tells the states the printer was in, oldest first.',
    params: z.object(span),
    result: z.object({
      states: z.array(z.object({ at: z.number().int(), label: z.string(), text: z.string() })),
    }),
  }),
} as const
