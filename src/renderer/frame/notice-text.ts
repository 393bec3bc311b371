import { dateAndTime } from '../format/time.ts'
import { t } from '../i18n/index.ts'
import type { Notice } from '../stores/notices.ts'

/** The notice in the reader's words; what it names is filled in, instants as date and time. */
export function noticeText(
  { sentence, params }: Pick<Notice, 'sentence' | 'params'>,
  language: string,
): string {
  const word = (name: string) => String(params[name] ?? '–')
  const time = (name: string) => {
    const at = params[name]
    return typeof at === 'number' ? dateAndTime(at, language) : '–'
  }
  switch (sentence) {
    case 'store-restored':
      return t('notices.storeRestored', { time: time('backupAt'), file: word('asideFile') })
    case 'store-begun-anew':
      return t('notices.storeBegunAnew', { file: word('asideFile') })
    case 'log-lost':
      return t('notices.logLost')
    case 'plugin-stopped':
      return t('notices.pluginStopped', { name: word('name') })
    case 'battery-low':
      return t(params.percent === undefined ? 'notices.batteryLowUnknown' : 'notices.batteryLow', {
        percent: word('percent'),
        printers: word('printers'),
      })
    case 'clock-unsynchronised':
      return t('notices.clockUnsynchronised')
    case 'print-broken-off':
      return t('notices.printBrokenOff', {
        printer: word('printer'),
        file: word('file'),
        line: word('line'),
        percent: word('percent'),
      })
  }
}
