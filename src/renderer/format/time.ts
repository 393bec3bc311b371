import { perLanguage } from './per-language.ts'

const clock = perLanguage(
  language => new Intl.DateTimeFormat(language, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }),
)
const calendar = perLanguage(language => new Intl.DateTimeFormat(language, { dateStyle: 'medium' }))
const relative = perLanguage(language => new Intl.RelativeTimeFormat(language, { numeric: 'auto' }))

const units = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
] as const

/** `14:40`, always on a 24-hour clock: a workshop's clock has no am. */
export function clockTime(at: number, language: string): string {
  return clock(language).format(at)
}

/** `21 Nov 2026, 14:40` */
export function dateAndTime(at: number, language: string): string {
  return `${calendar(language).format(at)}, ${clockTime(at, language)}`
}

/** `5 minutes ago`, `yesterday`, `in 3 days`; within a minute it is `now`. */
export function relativeTime(at: number, now: number, language: string): string {
  const words = relative(language)
  for (const [unit, lengthMs] of units) {
    const count = Math.trunc((at - now) / lengthMs)
    if (count !== 0) return words.format(count, unit)
  }
  return words.format(0, 'second')
}

const minuteS = 60
const hourS = 3600
const noBreak = '\u00a0'

/** `1 h 12 min`, `4 min`; what is less than a minute is one. The signs of the SI, which nobody must translate. */
export function duration(seconds: number, language: string): string {
  const [h, min] = language === 'ja' ? ['時間', '分'] : ['h', 'min']
  const minutes = Math.max(1, Math.round(seconds / minuteS))
  const hours = Math.floor((minutes * minuteS) / hourS)
  const rest = minutes - hours * minuteS
  const ofMinutes = `${rest}${noBreak}${min}`
  if (hours === 0) return ofMinutes
  return rest === 0 ? `${hours}${noBreak}${h}` : `${hours}${noBreak}${h} ${ofMinutes}`
}
