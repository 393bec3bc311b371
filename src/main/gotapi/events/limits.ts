const secondMs = 1_000
const minuteMs = 60 * secondMs

/** What one application may follow, and how long it may be away. */
export const limits = {
  registrations: 500,
  /** Calls about one registration that wait for the one before them. */
  waiting: 20,
  /** gotapi 8.2: from a lost line to the end of what it followed. */
  graceMs: 10 * secondMs,
  /** A PUT may come before its line; unclaimed that long, it ends. */
  unclaimedMs: 5 * minuteMs,
  /** What tells a quiet line from a dead one. */
  beatMs: 2 * secondMs,
  /** How often the token of an open line is looked at. */
  tokenLookMs: minuteMs,
} as const
