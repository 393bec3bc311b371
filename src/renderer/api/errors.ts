import type { Refusal } from '@contract/client.ts'
import { type PlainKey, t } from '../i18n/index.ts'

/** gotapi 3.5, each number as a sentence: what happened and what to do. */
const sentences: Readonly<Record<number, PlainKey>> = {
  [-2]: 'errors.wrongServer',
  [-1]: 'errors.unreachable',
  2: 'errors.unknownCall',
  3: 'errors.unknownCall',
  4: 'errors.unknownCall',
  5: 'errors.gone',
  6: 'errors.gone',
  7: 'errors.timeout',
  8: 'errors.unknownCall',
  10: 'errors.notAccepted',
  11: 'errors.denied',
  12: 'errors.signedOut',
  13: 'errors.signedOut',
  14: 'errors.outOfScope',
  15: 'errors.signedOut',
  16: 'errors.notNow',
  17: 'errors.notReady',
  18: 'errors.wrongOrigin',
  19: 'errors.unknownCall',
  20: 'errors.unknownCall',
  21: 'errors.switchedOff',
  22: 'errors.switchedOff',
}

/** What a refusal means for the person who asked. */
export const sentenceOf = ({ errorCode }: Refusal): string => t(sentences[errorCode] ?? 'errors.bug')

/** The server's own words for those who want to know more: always English, never a stack. */
export const detailOf = ({ errorCode, errorMessage }: Refusal): string =>
  t('errors.detail', { code: errorCode, message: errorMessage })
