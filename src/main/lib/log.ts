import { pino } from 'pino'
import type { Clock } from './clock.ts'
import type { Dispose } from './dispose.ts'
import { redact, redactText } from './redact.ts'

/** A constant sentence plus fields. Fields whose names speak of secrets are redacted before they go anywhere. */
export type LogFields = Readonly<Record<string, unknown>>

export interface Logger {
  /** Someone must act. */
  error(sentence: string, fields?: LogFields): void
  /** We coped. */
  warn(sentence: string, fields?: LogFields): void
  /** A person following along would care: a handful per print. */
  info(sentence: string, fields?: LogFields): void
  /** Decisions. */
  debug(sentence: string, fields?: LogFields): void
  /** Bytes on a wire; off by default. */
  trace(sentence: string, fields?: LogFields): void
  /** The same log with these fields on every line. */
  with(fields: LogFields): Logger
}

/** A logger for one area, such as `gotapi.http` or `printers.marlin`. */
export type LoggerFor = (area: string) => Logger

export const logLevels = ['error', 'warn', 'info', 'debug', 'trace'] as const
export type LogLevel = (typeof logLevels)[number]

/** Where lines go: a file, memory, a terminal. A line is one JSON object and its line end, free of secrets. */
export interface LogSink {
  write(line: string): void
}

export interface Loggers {
  readonly for: LoggerFor
  /** Further lines go there too; the undo stops that. */
  addSink(sink: LogSink): Dispose
}

/** The one maker of logs. Redaction happens here and nowhere else, so no area can forget it. */
export function createLoggers(options: { readonly level: LogLevel; readonly clock: Clock }): Loggers {
  const sinks = new Set<LogSink>()
  const base = pino(
    {
      level: options.level,
      base: null,
      timestamp: () => `,"time":"${new Date(options.clock.now()).toISOString()}"`,
      formatters: { level: label => ({ level: label }) },
      messageKey: 'sentence',
    },
    {
      write(line: string) {
        for (const sink of sinks) sink.write(line)
      },
    },
  )

  const logger = (area: string, fields: LogFields): Logger => {
    const at = (level: LogLevel) => (sentence: string, more?: LogFields) => {
      if (!base.isLevelEnabled(level)) return
      base[level](redact({ area, ...fields, ...more }), redactText(sentence))
    }
    return {
      error: at('error'),
      warn: at('warn'),
      info: at('info'),
      debug: at('debug'),
      trace: at('trace'),
      with: more => logger(area, { ...fields, ...more }),
    }
  }

  return {
    for: area => logger(area, {}),
    addSink(sink) {
      sinks.add(sink)
      return () => {
        sinks.delete(sink)
      }
    },
  }
}
