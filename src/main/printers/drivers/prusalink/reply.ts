import { z } from 'zod'
import { celsius, maybeFlag, maybeNumber, maybeText, maybeWord } from '../../wire/readings.ts'

export const version = z.object({
  api: maybeWord,
  server: maybeWord,
  text: z.string(),
  hostname: maybeWord,
  original: maybeWord,
  firmware: maybeWord,
})

export const info = z.object({
  nozzle_diameter: maybeNumber,
  serial: maybeWord,
  hostname: maybeWord,
  name: maybeWord,
})

export const status = z.object({
  printer: z.object({
    state: z.string(),
    temp_nozzle: celsius,
    target_nozzle: celsius,
    temp_bed: celsius,
    target_bed: celsius,
    axis_x: maybeNumber,
    axis_y: maybeNumber,
    axis_z: maybeNumber,
    fan_print: maybeNumber,
    status_printer: z.object({ ok: maybeFlag, message: maybeText }).optional().catch(undefined),
  }),
  job: z
    .object({
      id: z.number(),
      progress: maybeNumber,
      time_remaining: maybeNumber,
      time_printing: maybeNumber,
    })
    .optional()
    .catch(undefined),
})

export const job = z.object({
  id: z.number(),
  state: maybeText,
  file: z.object({ name: maybeText, display_name: maybeText, path: maybeText }).optional().catch(undefined),
})

export const storage = z.object({
  storage_list: z.array(
    z.object({
      path: z.string(),
      name: maybeText,
      available: maybeFlag,
      read_only: maybeFlag,
      type: maybeText,
    }),
  ),
})

interface Entry {
  name: string
  display_name?: string | undefined
  type?: string | undefined
  size?: number | undefined
  m_timestamp?: number | undefined
  children?: Entry[] | undefined
}

const entry: z.ZodType<Entry> = z.lazy(() =>
  z.object({
    name: z.string(),
    display_name: maybeText,
    type: maybeText,
    size: maybeNumber,
    m_timestamp: maybeNumber,
    children: z.array(entry).optional().catch(undefined),
  }),
)
export const folder = entry
export type { Entry }
/** The printer's drives, by path as calls take it, with the name people see. */
export type Drives = readonly { readonly path: string; readonly name?: string | undefined }[]
export type Status = z.output<typeof status>
export type JobDetails = z.output<typeof job>
