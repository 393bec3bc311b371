import type { LogFields, Logger } from '../../src/main/lib/log.ts'

export interface LogLine {
  readonly level: 'error' | 'warn' | 'info' | 'debug' | 'trace'
  readonly sentence: string
  readonly fields: LogFields
}

/** A log that keeps its lines for the test to read. */
export function createLogRecorder(): { readonly log: Logger; readonly lines: LogLine[] } {
  const lines: LogLine[] = []
  const recorder = (base: LogFields): Logger => {
    const at =
      (level: LogLine['level']) =>
      (sentence: string, fields: LogFields = {}) => {
        lines.push({ level, sentence, fields: { ...base, ...fields } })
      }
    return {
      error: at('error'),
      warn: at('warn'),
      info: at('info'),
      debug: at('debug'),
      trace: at('trace'),
      with: fields => recorder({ ...base, ...fields }),
    }
  }
  return { log: recorder({}), lines }
}
