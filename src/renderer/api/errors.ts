import type { Refusal } from '@contract/client.ts'
import { language, type MessageKey, type PlainKey, t, tell } from '../i18n/index.ts'
import { isPageReason, type PageReason } from './page-reasons.ts'

/** gotapi 3.5, each number as a sentence: for a refusal that carries no code of Gantry's. */
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

/** Sentences with a hole, for when a refusal tells what to put there. */
const aboutWhat: Partial<Record<PageReason, readonly [key: MessageKey, hole: string]>> = {
  'request.invalid': ['reasonAbout.request.invalid', 'name'],
  'request.unknown-profile': ['reasonAbout.request.unknown-profile', 'profile'],
  'auth.scope-missing': ['reasonAbout.auth.scope-missing', 'profile'],
  'printer.busy': ['reasonAbout.printer.busy', 'said'],
  'printer.refused': ['reasonAbout.printer.refused', 'said'],
  'file.wrong-kind': ['reasonAbout.file.wrong-kind', 'kind'],
}

/** Why something was refused, however it was told. The reason may come from an engine that knows more codes. */
interface Why {
  readonly errorMessage: string
  readonly reason?: string | undefined
  readonly reasonParams?: Readonly<Record<string, unknown>> | undefined
}

function reasonSentence({ reason, reasonParams }: Why): string | undefined {
  if (!isPageReason(reason)) return undefined
  const [key, hole] = aboutWhat[reason] ?? []
  const filling = hole === undefined ? undefined : reasonParams?.[hole]
  if (key !== undefined && hole !== undefined && typeof filling === 'string' && filling !== '') {
    return tell(key, { [hole]: filling })
  }
  return tell(`reason.${reason}`, {})
}

/** The server's own words, where they say something to the reader: Gantry's are English. */
function serverWords({ errorMessage, reason }: Why): string | undefined {
  // What somebody else's plug-in said stands in its own words, in whatever language.
  const isOnlyHint = language.value === 'en' || reason === 'plugin.refused' || !isPageReason(reason)
  return isOnlyHint && errorMessage !== '' ? errorMessage : undefined
}

/** What a refusal means for the person who asked. */
export const sentenceOf = (refusal: Refusal): string =>
  reasonSentence(refusal) ?? t(sentences[refusal.errorCode] ?? 'errors.bug')

/** For those who want to know more: the server's own words, or the name of the reason, never a stack. */
export const detailOf = (refusal: Refusal): string =>
  t('errors.detail', {
    code: refusal.errorCode,
    message: serverWords(refusal) ?? refusal.reason ?? '',
  })

/** Sentence and detail in one, for a place that shows both as one text. */
export const wordsOf = (refusal: Refusal): string =>
  [sentenceOf(refusal), serverWords(refusal)].filter(Boolean).join(' ')

/** Why one of several failed, where no number is told. */
export const whyFailed = (why: Why): string => reasonSentence(why) ?? why.errorMessage
