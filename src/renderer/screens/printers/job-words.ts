import { percent } from '../../format/quantity.ts'
import { clockTime, duration } from '../../format/time.ts'
import { language, t } from '../../i18n/index.ts'
import type { Printer } from '../../stores/printers.ts'
import { readyAt } from './printer-look.ts'

const dialect = /\.(?:gcode|gco|g|bgcode)$/i

/** As a person calls it: without the ending that every file of a printer has. */
export function jobName({ name, path }: Printer['snapshot']['job']): string {
  const known = (name ?? path ?? '').replace(dialect, '')
  return known === '' ? t('printer.unnamedJob') : known
}

export function layerWords({ layer, layers }: Printer['snapshot']['job']): string[] {
  if (layer === undefined) return []
  return [layers === undefined ? t('detail.layerOnly', { layer }) : t('detail.layer', { layer, layers })]
}

function readyWords(progress: number | undefined, ready: number, now: number | undefined): string {
  const words = { percent: percent(progress), time: clockTime(ready, language.value) }
  if (now === undefined || ready <= now) return t('printer.readyAtOnly', words)
  return t('printer.readyAt', { ...words, left: duration((ready - now) / 1000, language.value) })
}

/**
 * How far a job is and when it is done, or how it ended; with `<b>` around what a glance looks for. Without a `now`
 * nothing is said of the time that is left.
 */
export function jobWords(printer: Printer, now: number | undefined): string {
  const { job, machine } = printer.snapshot
  const { endedAt, elapsedS, progress } = job
  const ready = readyAt(printer)
  if (ready !== undefined) return readyWords(progress, ready, now)
  if (endedAt !== undefined) {
    const time = clockTime(endedAt, language.value)
    const took = elapsedS === undefined ? [] : [duration(elapsedS, language.value)]
    return [t(job.state === 'done' ? 'printer.finishedAt' : 'printer.stoppedAt', { time }), ...took].join(
      ' · ',
    )
  }
  if (['paused', 'attention', 'error'].includes(machine.state) && progress !== undefined) {
    return [t('printer.haltedAt', { percent: percent(progress) }), ...layerWords(job)].join(' · ')
  }
  if (machine.state === 'preparing' && !progress) return t('printer.heatsUp')
  return progress === undefined
    ? t('printer.noProgress')
    : t('printer.progress', { percent: percent(progress) })
}
