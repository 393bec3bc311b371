import { z } from 'zod'
import type { Battery } from '../lib/battery.ts'

/** `pmset -g batt` of macOS; undefined on a machine without a battery. */
export function parsePmset(text: string): Battery | undefined {
  const percent = /(\d{1,3})%;/.exec(text)?.[1]
  if (percent === undefined) return undefined
  const left = /(\d+):(\d\d) remaining/.exec(text)
  const minutes = left ? Number(left[1]) * 60 + Number(left[2]) : 0
  return {
    draining: /drawing from 'Battery Power'/i.test(text),
    percent: Number(percent),
    // Zero is what it says while it has not worked it out.
    ...(minutes > 0 ? { minutesLeft: minutes } : {}),
  }
}

const DISCHARGING = new Set([1, 4, 5])
/** Windows' word for "nobody knows" is some 136 years. */
const MINUTES_LIMIT = 100_000

const win32Battery = z.object({
  BatteryStatus: z.number(),
  EstimatedChargeRemaining: z.number().nullish(),
  EstimatedRunTime: z.number().nullish(),
})
const win32Batteries = z.union([z.array(win32Battery), win32Battery.transform(one => [one])])

/** `Get-CimInstance Win32_Battery | ConvertTo-Json`: nothing, one battery, or several. */
export function parseWin32Battery(text: string): Battery | undefined {
  const parsed = win32Batteries.safeParse(readJson(text))
  const [first] = parsed.success ? parsed.data : []
  if (!first) return undefined
  const { BatteryStatus, EstimatedChargeRemaining, EstimatedRunTime } = first
  const percent = EstimatedChargeRemaining ?? undefined
  const minutesLeft = EstimatedRunTime ?? undefined
  return {
    draining: DISCHARGING.has(BatteryStatus),
    ...(percent === undefined ? {} : { percent: Math.min(100, percent) }),
    ...(minutesLeft === undefined || minutesLeft <= 0 || minutesLeft > MINUTES_LIMIT ? {} : { minutesLeft }),
  }
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // A machine without a battery answers with nothing at all.
    return undefined
  }
}
