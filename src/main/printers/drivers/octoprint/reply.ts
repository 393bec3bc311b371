import { z } from 'zod'
import { celsius, maybeFlag, maybeNumber, maybeText, maybeWord } from '../../wire/readings.ts'

/** What OctoPrint 1.x says; everything else it says is let pass unread. Null is its word for "not known". */
const number = z.number().nullish().catch(undefined)
const text = z.string().max(2_000).nullish().catch(undefined)

export const version = z.object({ server: maybeWord, api: maybeWord, text: z.string() })

/** Moonraker answers like OctoPrint for slicers: `OctoPrint (Moonraker 0.9)`. It has a driver of its own. */
export function isOctoPrint(text: string): boolean {
  return /^OctoPrint\b(?! \()/.test(text)
}

export const login = z.object({ name: z.string(), session: z.string() })

const temperature = z.object({ actual: celsius, target: celsius })

/** `tool0`, `bed`, `chamber`, beside `time` and, from plug-ins, sensors of any name. */
const temperatures = z.record(z.string(), z.unknown()).transform(record => {
  const found: Record<string, z.output<typeof temperature>> = {}
  for (const [key, value] of Object.entries(record)) {
    const parsed = temperature.safeParse(value)
    if (parsed.success && typeof value === 'object') found[key] = parsed.data
  }
  return { time: typeof record.time === 'number' ? record.time : undefined, found }
})

const flags = z
  .object({
    operational: maybeFlag,
    printing: maybeFlag,
    pausing: maybeFlag,
    paused: maybeFlag,
    resuming: maybeFlag,
    cancelling: maybeFlag,
    finishing: maybeFlag,
    error: maybeFlag,
    closedOrError: maybeFlag,
    ready: maybeFlag,
  })
  .catch({})

const state = z.object({ text: maybeText, flags, error: maybeText })
export const printer = z.object({ temperature: temperatures.optional().catch(undefined), state })
export const job = z.object({
  job: z
    .object({
      file: z
        .object({ name: text, display: text, path: text, size: number, origin: text })
        .partial()
        .catch({}),
      filament: z
        .record(z.string(), z.object({ length: number }).partial().catch({}))
        .nullish()
        .catch(undefined),
    })
    .partial()
    .catch({}),
  progress: z.object({ completion: number, printTime: number, printTimeLeft: number }).partial().catch({}),
})

export const connection = z.object({
  current: z.object({ state: maybeText, printerProfile: maybeText, port: text }),
})

/** OctoPrint 1.10 and later: why it lost its printer; both empty when it was for no fault. */
export const lastError = z.object({ error: maybeText, reason: maybeText })

export const profiles = z.object({
  profiles: z.record(
    z.string(),
    z.object({
      name: maybeWord,
      model: maybeWord,
      current: maybeFlag,
      heatedBed: maybeFlag,
      heatedChamber: maybeFlag,
      volume: z.object({ width: maybeNumber, depth: maybeNumber, height: maybeNumber }).optional(),
      extruder: z.object({ count: maybeNumber }).optional(),
    }),
  ),
})

const current = z.object({
  state,
  job: job.shape.job,
  progress: job.shape.progress,
  currentZ: number,
  temps: z.array(temperatures).catch([]),
  logs: z.array(z.string()).catch([]),
  serverTime: maybeNumber,
})

const event = z.object({
  type: z.string(),
  payload: z.record(z.string(), z.unknown()).nullish().catch(undefined),
})

const question = z.object({
  text: z.string().optional(),
  choices: z.union([z.array(z.string()), z.record(z.string(), z.string())]).optional(),
})
const promptMessage = z.object({
  plugin: z.literal('action_command_prompt'),
  data: question.extend({ action: z.string() }),
})
/** What is asked already when we come; null when nothing is. */
export const waitingPrompt = question.catch({})

/** How often OctoPrint has printed a file: what it counts is forgotten with the file. */
export const fileHistory = z.object({
  date: maybeNumber,
  prints: z.object({ success: maybeNumber, failure: maybeNumber }).optional().catch(undefined),
})

/** The name OctoPrint gave the file may not be the one we sent. */
export const uploaded = z
  .object({ files: z.object({ local: z.object({ path: z.string(), name: z.string() }) }) })
  .optional()
  .catch(undefined)

/** One push message names one kind; a message of a kind not listed here is none of our business. */
export const push = z.union([
  z.object({ current }),
  z.object({ history: current }),
  z.object({ event }),
  z.object({ plugin: promptMessage }),
  z.object({ reauthRequired: z.object({ reason: maybeText }) }),
  z.object({ connected: z.object({ version: maybeText }) }),
])

export type Current = z.output<typeof current>
export type Flags = z.output<typeof flags>
export type Temperatures = z.output<typeof temperatures>
export type JobReply = z.output<typeof job>

interface FileEntry {
  path: string
  name: string
  origin?: string | undefined
  display?: string | undefined
  size?: number | undefined
  date?: number | undefined
  type?: string | undefined
  children?: FileEntry[] | undefined
}

const fileEntry: z.ZodType<FileEntry> = z.lazy(() =>
  z.object({
    path: z.string(),
    name: z.string(),
    origin: maybeText,
    display: maybeText,
    size: maybeNumber,
    date: maybeNumber,
    type: maybeText,
    children: z.array(fileEntry).optional().catch(undefined),
  }),
)
export const files = z.object({ files: z.array(fileEntry) })
export type { FileEntry }
