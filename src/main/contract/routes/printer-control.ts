import { z } from 'zod'
import { plainLine } from '../plain-line.ts'
import { faultClasses } from '../printer.ts'
import { route } from '../route.ts'

const base = { scope: 'printercontrol', service: 'printer' } as const
const files = { scope: 'printerfiles', service: 'printer' } as const
const done = z.object({})
const mm = z.coerce.number().min(-1_000).max(1_000)
const feed = z.coerce.number().min(1).max(60_000).optional().describe('mm per minute')
const oneLine = plainLine(200).trim().min(1)
const remotePath = plainLine(1_000).min(1)

const file = z.object({
  path: z.string(),
  name: z.string(),
  sizeBytes: z.number().optional(),
  modifiedAt: z.number().optional(),
})

/** To touch. An answer says that the printer accepted; what came of it is seen in its state. */
export const printerControlRoutes = {
  'POST printercontrol/pause': route({
    ...base,
    about: 'Pauses the job.',
    params: z.object({}),
    result: done,
  }),
  'POST printercontrol/resume': route({
    ...base,
    about: 'Goes on with a paused job.',
    params: z.object({}),
    result: done,
  }),
  'POST printercontrol/cancel': route({
    ...base,
    about: 'Cancels the job; the heaters cool.',
    params: z.object({}),
    result: done,
  }),
  'POST printercontrol/emergencystop': route({
    ...base,
    about: 'Stops the machine at once, ahead of everything else.',
    params: z.object({}),
    result: done,
  }),
  'POST printercontrol/stopall': route({
    ...base,
    service: 'room',
    about: 'Stops every printer that can be stopped, and names the rest. Of the service “room”.',
    params: z.object({}),
    result: z.object({
      stopped: z.array(z.string()),
      failed: z
        .array(
          z.object({
            id: z.string(),
            errorMessage: z.string(),
            reason: z.string(),
            reasonParams: z.record(z.string(), z.unknown()).optional(),
          }),
        )
        .describe('told to stop, but did not; why stands there as in any refusal'),
      left: z
        .array(z.object({ id: z.string(), why: z.enum(['offline', 'idle', 'unable']) }))
        .describe('told nothing: it does not answer, prints nothing and has no emergency stop, or cannot'),
    }),
  }),
  'POST printercontrol/temperature': route({
    ...base,
    about: 'Sets what a heater is to reach; 0 switches it off.',
    params: z.object({ heater: plainLine(100), targetC: z.coerce.number().min(0).max(500) }),
    result: done,
  }),
  'POST printercontrol/home': route({
    ...base,
    about: 'Moves the axes to their ends.',
    params: z.object({
      axes: z
        .string()
        .regex(/^[xyz]{0,3}$/, 'letters out of xyz')
        .default(''),
    }),
    result: done,
  }),
  'POST printercontrol/jog': route({
    ...base,
    about: 'Moves the head by some millimetres.',
    params: z.object({ xMm: mm.optional(), yMm: mm.optional(), zMm: mm.optional(), feedMmPerMin: feed }),
    result: done,
  }),
  'POST printercontrol/extrude': route({
    ...base,
    about: 'Feeds filament, or draws it back.',
    params: z.object({ mm, feedMmPerMin: feed }),
    result: done,
  }),
  'POST printercontrol/fan': route({
    ...base,
    about: 'Sets the part fan.',
    params: z.object({ percent: z.coerce.number().min(0).max(100) }),
    result: done,
  }),
  'POST printercontrol/macro': route({
    ...base,
    about: 'Runs a macro the printer offers.',
    params: z.object({ name: oneLine }),
    result: done,
  }),
  'POST printercontrol/gcode': route({
    ...base,
    about: 'Sends one line of G-code.',
    params: z.object({ line: oneLine }),
    result: done,
  }),
  'POST printercontrol/answer': route({
    ...base,
    about: 'Answers the question the printer asks.',
    params: z.object({ promptId: plainLine(100), button: z.coerce.number().int().min(0).max(100) }),
    result: done,
  }),
  'POST printercontrol/dismissfault': route({
    ...base,
    about:
      'Takes a fault off the screen, or all of them. The printer is told nothing, and may tell it again.',
    params: z.object({ class: z.enum(faultClasses).optional() }),
    result: done,
  }),
  'POST printercontrol/restart': route({
    ...base,
    about:
      'Restarts the machine, by whatever its make has for that (`can.restart` says what); never while a print is on.',
    params: z.object({}),
    result: done,
  }),
  'POST printercontrol/bedclear': route({
    ...base,
    about: 'Says that the part was taken off the bed; never while a print is on.',
    params: z.object({
      version: z.coerce
        .number()
        .int()
        .optional()
        .describe('of the bed that was looked at (`bed.version`): refused when it has changed since'),
    }),
    result: done,
  }),
  'POST printercontrol/releasehold': route({
    ...base,
    about: 'Says that somebody has looked after this fault, and that the machine is fit to go on.',
    params: z.object({ class: z.enum(faultClasses) }),
    result: done,
  }),
  'POST printercontrol/start': route({
    ...base,
    about: 'Prints a file that lies on the printer.',
    params: z.object({ path: remotePath }),
    result: done,
  }),
  'POST printercontrol/reconnect': route({
    ...base,
    about: 'Tries the line again now instead of at its next turn.',
    params: z.object({}),
    result: done,
  }),
  'GET printerfiles/list': route({
    ...files,
    about: 'Lists the files on the printer.',
    params: z.object({}),
    result: z.object({ files: z.array(file) }),
  }),
  'POST printerfiles/delete': route({
    ...files,
    about: 'Deletes a file on the printer.',
    params: z.object({ path: remotePath }),
    result: done,
  }),
  'POST printerfiles/upload': route({
    ...files,
    about: 'Begins to hand a file over. Its bytes follow over the byte channel (docs/bytes.md).',
    params: z.object({ name: oneLine, sizeBytes: z.coerce.number().int().min(1).max(4_000_000_000) }),
    result: z.object({
      uploadId: z.string(),
      bytes: z
        .string()
        .describe('where its bytes go, relative to the server: /bytes/printerfiles/{uploadId}'),
    }),
  }),
  'DELETE printerfiles/send': route({
    ...files,
    about:
      'Stops a file on its way: to the printer, or to Gantry when its upload is named. Of what arrived nothing stays.',
    params: z.object({ uploadId: z.string().max(100).optional() }),
    result: done,
  }),
  'POST printerfiles/send': route({
    ...files,
    about: 'Sends the file that was handed over to the printer, and prints it if asked to.',
    params: z.object({
      uploadId: z.string().max(100),
      print: z.union([z.boolean(), z.stringbool()]).default(false),
    }),
    result: done,
  }),
} as const
