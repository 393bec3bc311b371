const secondMs = 1_000
const minuteMs = 60 * secondMs
const dayMs = 24 * 60 * minuteMs

/** Who may come in, how many of them, for how long, and how often they may ask. */
export const limits = {
  /** The owner's time to answer; silence is a no. */
  decisionMs: minuteMs,
  /** gotapi 4.1: a key given with availability waits that long for its grant. */
  pendingKeyMs: 5 * minuteMs,
  /** On each of the ways they may come by. */
  pendingKeys: 500,
  /** gotapi 10.3 */
  nonceMs: 10 * minuteMs,
  noncesKept: 20_000,
  ownDays: 180,
  visitMs: 60 * minuteMs,
  /** gotapi 4.2: applications that were let in; the owner's own programs beside them. */
  clients: 100,
  clientUnusedMs: 30 * dayMs,
  tokenUnusedMs: 10 * dayMs,
  /** Clients without a token, on each of the ways they may come by. */
  clientsAsking: 100,
  askingMs: 10 * minuteMs,
  sweepMs: minuteMs,
  flushUseMs: 10 * secondMs,
  /** Not oftener: while another program holds the database each try makes everybody wait. */
  writeAgainMs: 15 * secondMs,

  openQuestions: 20,
  /** Of those: nobody far away, and no page with links, can keep the applications of this machine from asking. */
  openQuestionsVia: { inside: 5, loopback: 20, lan: 10 },
  /** Of one device on the network, whatever origins it says. */
  openQuestionsOfDevice: 3,
  invitations: 200,
  grantsPerMinute: 30,
  questionsPerMinute: 10,
  /** Of the keyword and of keys by link, from which nobody gains anything by asking often. */
  showingsPerMinute: 5,
  showingsPerMinuteOfAll: 10,
  /** Origins whose questions are counted at the same time. */
  originsCounted: 2_000,
} as const
