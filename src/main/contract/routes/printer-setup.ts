import { z } from 'zod'
import { finding } from '../doctor.ts'
import { foreign, why } from '../found.ts'
import { jsonParam } from '../json-param.ts'
import { plainName } from '../plain-name.ts'
import { route } from '../route.ts'

const formField = z.object({
  key: z.string(),
  label: z.string().describe('as the printer’s own screen calls it'),
  kind: z.enum(['text', 'url', 'secret', 'number', 'choice', 'port']),
  required: z.boolean(),
  help: z.string().optional(),
  choices: z.array(z.string()).readonly().optional(),
})

const driver = z.object({
  id: z.string(),
  name: z.string(),
  form: z.array(formField).readonly(),
  asksForAccess: z.boolean().describe('the printer can be asked for a key'),
})

/** Something that may be a printer. */
const foundPrinter = z.object({
  id: z.string(),
  via: z.enum(['mdns', 'datagram', 'usb', 'address']),
  title: z.string(),
  address: z.string(),
  seenAt: z.number().int(),
  /** Set when it is a printer Gantry has already. */
  printerId: z.string().optional(),
  /** Two devices say that they are this one: neither is followed when it moves. */
  twin: z.boolean().optional(),
  /** Set when no driver speaks to it. */
  foreign: foreign.optional(),
  /** What the drivers think, surest first. */
  candidates: z.array(
    z.object({
      driver: z.string(),
      driverName: z.string(),
      sure: z.number(),
      why: z.string().describe('the reason in English'),
      reason: why,
      needs: z.enum(['nothing', 'credentials', 'ask']),
      config: z.record(z.string(), z.union([z.string(), z.number()])),
    }),
  ),
})

const found = z.object({ found: z.array(foundPrinter) })
const config = jsonParam(z.record(z.string(), z.union([z.string().max(2_000), z.number()])))
const driverId = z.string().min(1).max(50)
const printerId = z.string().min(1).max(100)
const name = z.string().trim().min(1).max(100).transform(plainName).pipe(z.string().min(1))
const accessState = z.object({
  accessId: z.string(),
  state: z.enum(['waiting', 'granted', 'failed']),
  message: z.string().optional(),
})

/** Not under the name serviceId: there the envelope repeats the one that was asked. */
const added = z.object({ printerId: z.string(), printerServiceId: z.string() })

const base = { scope: 'printersetup', service: 'room', owner: true } as const
const doctor = { scope: 'printerdoctor', service: 'room', owner: true } as const

/** To add, rename and remove printers: the owner's own programs only. All of the service “room”. */
export const printerSetupRoutes = {
  'GET printersetup/drivers': route({
    ...base,
    about: 'Lists the makes Gantry speaks and what each needs to know.',
    params: z.object({}),
    result: z.object({ drivers: z.array(driver) }),
  }),
  'GET printersetup/found': route({
    ...base,
    about: 'Lists what was seen in the network and on USB.',
    params: z.object({}),
    result: found,
  }),
  'EVENT printersetup/found': route({
    ...base,
    about: 'Tells the same now and whenever it changes.',
    params: z.object({}),
    result: found,
  }),
  'POST printersetup/probe': route({
    ...base,
    about: 'Asks an address what lives there.',
    params: z.object({ address: z.string().trim().min(1).max(500) }),
    result: z.object({ found: foundPrinter }),
  }),
  'POST printersetup/access': route({
    ...base,
    about: 'Asks the printer for a key; its owner says yes on the printer’s own screen.',
    params: z.object({ driver: driverId, config }),
    result: accessState,
  }),
  'GET printersetup/access': route({
    ...base,
    about: 'Tells what came of asking for a key. The key itself stays inside.',
    params: z.object({ accessId: z.string().max(100) }),
    result: accessState,
  }),
  'DELETE printersetup/access': route({
    ...base,
    about: 'Stops asking for a key. One that was granted meanwhile is forgotten.',
    params: z.object({ accessId: z.string().max(100) }),
    result: z.object({}),
  }),
  'POST printersetup/add': route({
    ...base,
    about: 'Adds a printer. Its line is opened at once.',
    params: z.object({
      driver: driverId,
      name,
      config,
      accessId: z.string().max(100).optional().describe('a key that was granted'),
    }),
    result: added,
  }),
  'POST printersetup/simulate': route({
    ...base,
    about: 'Adds a simulated printer of a make.',
    params: z.object({ make: driverId, name: name.optional() }),
    result: added,
  }),
  'POST printersetup/break': route({
    ...base,
    about: 'Lets something happen to a simulated printer, for practice.',
    params: z.object({
      printerId,
      fault: z.enum([
        'filament-runout',
        'thermal-runaway',
        'cable',
        'cable-back',
        'move',
        'slow',
        'rubbish',
        'well',
        'load-filament',
      ]),
    }),
    result: z.object({}),
  }),
  'POST printersetup/configure': route({
    ...base,
    about: 'Changes how a printer is reached; what is not named stays.',
    params: z.object({ printerId, config, accessId: z.string().max(100).optional() }),
    result: z.object({}),
  }),
  'POST printersetup/rename': route({
    ...base,
    about: 'Gives a printer another name.',
    params: z.object({ printerId, name }),
    result: z.object({}),
  }),
  'POST printersetup/recognise': route({
    ...base,
    about: 'Says that what answers where a printer was is that printer.',
    params: z.object({ printerId }),
    result: z.object({}),
  }),
  'POST printersetup/exchange': route({
    ...base,
    about: 'Says that two printers changed places: each is sought where the other was.',
    params: z.object({ printerId }),
    result: z.object({}),
  }),
  'POST printersetup/remove': route({
    ...base,
    about: 'Removes a printer, its key and its history.',
    params: z.object({ printerId }),
    result: z.object({}),
  }),
  'GET printerdoctor/report': route({
    ...doctor,
    about: 'Finds out why a printer cannot be seen: of one printer, of an address, or of the room.',
    params: z.object({
      printerId: printerId.optional(),
      address: z.string().trim().max(500).optional(),
    }),
    result: z.object({ findings: z.array(finding), text: z.string().describe('the whole report, to copy') }),
  }),
} as const
