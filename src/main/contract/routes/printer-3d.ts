import { z } from 'zod'
import { plainLine, plainUri } from '../plain-line.ts'
import { route } from '../route.ts'

/** gotapi 11: DWAPI-3DP, names and rules as there. */
const timeStamps = {
  timeStamp: z.number().int().describe('Unix ms, UTC'),
  timeStampString: z.string().describe('yyyy-mm-ddThh:mm:ss+hhmm'),
  timeStampByPlugin: z.boolean().describe('the printer gave no time: it is the time of reception'),
}

const device = z.object({
  productName: z.string().min(1),
  manufacturerName: z.string(),
  modelNumber: z.string(),
  firmwareRevision: z.string(),
  serialNumber: z.string(),
  softwareRevision: z.string().optional(),
  hardwareRevision: z.string().optional(),
  partNumber: z.string().optional(),
  protocolRevision: z.string().optional(),
  systemId: z.string().describe('hexadecimal, 0x0 when unknown'),
})

const attributes = z.object({
  printType: z.string(),
  printSizeX: z.number().optional(),
  printSizeY: z.number().optional(),
  printSizeZ: z.number().optional(),
  network: z.boolean().optional(),
  memorySize: z.number().optional().describe('MB'),
})

const nozzleTemp = z.number().min(0).max(1000)
const status = z.object({
  operatingStatus: z
    .string()
    .describe('idle, preparing, printing, paused, stopping, completed, error:<reason>, offline or unknown'),
  nozzleTemp: nozzleTemp.optional().describe('°C, of the active nozzle'),
  nozzles: z.array(z.object({ index: z.number().int(), nozzleTemp })).optional(),
})

const queueEntry = z.object({
  order: z.number().int().min(0).describe('0: being printed; n: n files before it'),
  uri: z.string(),
  msg: z.string(),
  status: z.enum(['Printing', 'Pending', 'Paused', 'Error', 'Unknown']),
})
const queue = z.object({ queue: z.array(queueEntry) })

const printerResult = z.object({ printer: z.object({ device, attributes, status, ...timeStamps }) })
const statusResult = z.object({ status, queue: z.array(queueEntry), ...timeStamps })
const interval = z.coerce.number().int().min(100).max(3_600_000).optional().describe('ms between events')

const base = { scope: '3dprinter', service: 'printer' } as const

export const printer3dRoutes = {
  'GET 3dprinter/printer': route({
    ...base,
    about: 'Tells what the printer is, what it can hold and how it is.',
    params: z.object({}),
    result: printerResult,
  }),
  'EVENT 3dprinter/printer': route({
    ...base,
    about: 'Tells the same with every new result.',
    params: z.object({ interval }),
    result: printerResult,
  }),
  'GET 3dprinter/status': route({
    ...base,
    about: 'Tells the printer’s state and its queue in one set.',
    params: z.object({}),
    result: statusResult,
  }),
  'EVENT 3dprinter/status': route({
    ...base,
    about: 'Tells the same with every change; a fault during printing comes here.',
    params: z.object({ interval }),
    result: statusResult,
  }),
  'GET 3dprinter/queue': route({
    ...base,
    about: 'Lists what is printed and what waits, as the printer says.',
    params: z.object({}),
    result: queue,
  }),
  'PUT 3dprinter/print': route({
    ...base,
    about: 'Starts printing a file and answers with the queue.',
    params: z.object({
      uri: plainUri(4_000)
        .optional()
        .describe(
          'a file on the printer (printer:/name), or on Gantry’s machine (file:///…); not read with secureToken',
        ),
      secureToken: plainLine(4_000).optional().describe('for the file selected with it at a contents server'),
      url: plainLine(4_000)
        .optional()
        .describe('that contents server; needed where several are set up and the token came from elsewhere'),
    }),
    result: queue,
  }),
  'DELETE 3dprinter/print': route({
    ...base,
    about: 'Stops the running job, or takes another out of the queue, and answers with the queue.',
    params: z.object({
      uri: z.string().max(4_000).optional(),
      order: z.coerce.number().int().min(0).optional(),
    }),
    result: queue,
  }),
  'GET 3dprinter/contents': route({
    ...base,
    about: 'Lists the contents servers the printer can take files from.',
    params: z.object({ url: z.string().max(4_000).optional() }),
    result: z.object({
      contents: z.array(
        z.object({
          url: z.string(),
          name: z.string().optional(),
          secureToken: z.string().optional(),
          expire: z.number().optional(),
          authenticated: z.boolean().optional(),
        }),
      ),
    }),
  }),
} as const
