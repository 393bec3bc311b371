import { type ErrorCode, isErrorCode } from '@contract/error.ts'

/** What is about the start of Gantry or the command line: no page is there yet, and only a terminal tells of it. */
export const terminalReasons = [
  'config.invalid',
  'config.unreadable',
  'data.held',
  'store.future',
  'store.migration',
  'display.missing',
  'room.timeout',
] as const satisfies readonly ErrorCode[]

/** What a page has words for, in each language: `reason` in i18n. */
export type PageReason = Exclude<ErrorCode, (typeof terminalReasons)[number]>

const terminalOnly: ReadonlySet<ErrorCode> = new Set(terminalReasons)

export const isPageReason = (thing: unknown): thing is PageReason =>
  isErrorCode(thing) && !terminalOnly.has(thing)
