import { z } from 'zod'

/**
 * What a person must be told even if nobody was looking when it happened. The sentence is a key: the page has
 * its words in each language and fills in the parameters, instants (`...At`) as epoch milliseconds.
 */
export const noticeSentences = {
  'store-restored':
    'the database was damaged; the backup of backupAt is in use, the damaged file lies at asideFile',
  'store-begun-anew':
    'the database was damaged and there was no good backup; the damaged file lies at asideFile',
  'log-lost': 'the log file cannot be written',
  'plugin-stopped': 'the plug-in name stopped by itself too often and is switched off',
  'battery-low': 'the battery of this machine, at percent, may not last for what it feeds to printers',
  'clock-unsynchronised': 'the clock of this machine is not kept to UTC, and what it stamps may be wrong',
  'print-broken-off':
    'the print of file on printer was broken off at line when it was percent done, because Gantry ended',
} as const

export type NoticeSentence = keyof typeof noticeSentences

export const noticeSchema = z.object({
  id: z.string(),
  severity: z.enum(['info', 'warning', 'error']),
  sentence: z.enum(Object.keys(noticeSentences) as [NoticeSentence, ...NoticeSentence[]]),
  params: z.record(z.string(), z.union([z.string(), z.number()])),
  sinceAt: z.number().describe('epoch milliseconds'),
})

export type Notice = z.infer<typeof noticeSchema>

/** Where any room puts what the person must be told. The same id again replaces what stood there. */
export interface NoticeBoard {
  raise(notice: Omit<Notice, 'sinceAt'>): void
  withdraw(id: string): void
}
