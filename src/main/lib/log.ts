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
