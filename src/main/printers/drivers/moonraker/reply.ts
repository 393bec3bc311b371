import { z } from 'zod'
import { celsius, maybeFlag, maybeNumber, maybeText, maybeWord } from '../../wire/readings.ts'

export const rpcMessage = z.object({
  id: z.number().optional().catch(undefined),
  result: z.unknown().optional(),
  error: z.object({ code: z.number(), message: z.string().catch('') }).optional(),
  method: z.string().optional(),
  params: z.array(z.unknown()).optional().catch(undefined),
})

export const serverInfo = z.object({
  klippy_state: z.string(),
  moonraker_version: maybeWord,
  api_version_string: maybeWord,
  components: z.array(z.string()).catch([]),
})

export const printerInfo = z.object({
  state: maybeText,
  state_message: maybeText,
  hostname: maybeWord,
  software_version: maybeWord,
})

export const objectList = z.object({ objects: z.array(z.string()) })

/** Objects by name, each a bag of fields: the cache is made of these and read by `printerObjects`. */
const bags = z.record(z.string(), z.record(z.string(), z.unknown()))
export const subscribed = z.object({ eventtime: z.number(), status: bags })
export const statusUpdate = z.tuple([bags, z.number()])
export type Bags = z.output<typeof bags>

export const heaterBag = z.object({
  temperature: celsius,
  target: celsius.optional(),
})

const numbers = z.array(z.number()).catch([])

export const printStats = z.object({
  state: maybeText,
  filename: maybeText,
  message: maybeText,
  print_duration: maybeNumber,
  total_duration: maybeNumber,
  filament_used: maybeNumber,
  info: z
    .object({ total_layer: z.number().nullish(), current_layer: z.number().nullish() })
    .nullish()
    .catch(undefined),
})
export const virtualSdcard = z.object({ progress: maybeNumber, is_active: maybeFlag })
export const displayStatus = z.object({ progress: z.number().nullish().catch(undefined) })
export const gcodeMove = z.object({ gcode_position: numbers })
export const toolhead = z.object({ homed_axes: maybeText, axis_maximum: numbers, axis_minimum: numbers })
export const fanBag = z.object({ speed: maybeNumber })
export const sensorBag = z.object({ enabled: maybeFlag, filament_detected: maybeFlag })
export const idleTimeout = z.object({ state: maybeText })

export const metadata = z.object({
  estimated_time: maybeNumber,
  gcode_start_byte: maybeNumber,
  gcode_end_byte: maybeNumber,
  layer_count: maybeNumber,
  size: maybeNumber,
})

export const jobQueue = z.object({
  queued_jobs: z.array(z.object({ filename: z.string(), job_id: z.string() })).catch([]),
  queue_state: maybeText,
})
export const queueChanged = z.object({
  updated_queue: jobQueue.shape.queued_jobs.nullish().catch(undefined),
})

const historyEntry = z.object({ job_id: z.string(), filename: z.string(), status: maybeText })
export const history = z.object({ jobs: z.array(historyEntry) })
export const historyChanged = z
  .object({ action: maybeText, job: historyEntry.optional().catch(undefined) })
  .catch({})

export const procStats = z.object({
  moonraker_stats: z.union([z.object({ time: z.number() }), z.array(z.object({ time: z.number() }))]),
})

export const fileList = z.array(z.object({ path: z.string(), size: maybeNumber, modified: maybeNumber }))
export const uploaded = z.object({ item: z.object({ path: z.string() }) })
export const accessInfo = z.object({ login_required: maybeFlag, trusted: maybeFlag })
