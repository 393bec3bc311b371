const secondMs = 1_000
const minuteMs = 60 * secondMs
const dayMs = 24 * 60 * minuteMs

/** Who may come in, how many of them, for how long, and how often they may ask. */
export const limits = {
  /** The owner's time to answer; silence is a no. */
  decisionMs: minuteMs,
  /** gotapi 4.1: a key given with availability waits that long for its grant. */
  pendingKeyMs: 5 * minuteMs,
  /** gotapi 10.3 */
  nonceMs: 10 * minuteMs,
  noncesKept: 20_000,
  ownDays: 180,
  visitMs: 60 * minuteMs,
  /** gotapi 4.2 */
  clients: 100,
  clientUnusedMs: 30 * dayMs,
  tokenUnusedMs: 10 * dayMs,
  sweepMs: minuteMs,
  flushUseMs: 10 * secondMs,

  openQuestions: 20,
  invitations: 200,
  grantsPerMinute: 30,
  questionsPerMinute: 10,
  /** Origins whose questions are counted at the same time. */
  originsCounted: 2_000,
} as const
