/** Every number that bounds what a stranger can take. One place, so that a correction is one line. */
const secondMs = 1_000
const minuteMs = 60 * secondMs
const dayMs = 24 * 60 * minuteMs

export const limits = {
  /** gotapi 2: per call. The host's own limit is 60 s; this one is for when even the host does not return. */
  callMs: 62 * secondMs,
  /** gotapi 9-4: from open socket to token. */
  handshakeMs: 5 * secondMs,
  pingMs: 15 * secondMs,
  /** gotapi 8.2: from a lost line to the end of what it followed. */
  graceMs: 10 * secondMs,
  /** A PUT may come before its line; unclaimed that long, it ends. */
  unclaimedMs: 5 * minuteMs,
  /** The owner's time to answer; silence is a no. */
  decisionMs: minuteMs,
  /** gotapi 4.1: a key given with availability waits that long for its grant. */
  pendingKeyMs: 5 * minuteMs,
  /** gotapi 10.3 */
  nonceMs: 10 * minuteMs,
  grantedDays: 30,
  ownDays: 180,
  visitMs: 60 * minuteMs,
  pairMs: 10 * minuteMs,
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
  originsCounted: 2_000,
  noncesKept: 20_000,

  headerBytes: 16 * 1024,
  bodyBytes: 1024 * 1024,
  params: 200,
  nameChars: 200,
  headersMs: 10 * secondMs,
  requestMs: 30 * secondMs,
  keepAliveMs: 20 * secondMs,
  connections: 4_000,

  frameBytes: 64 * 1024,
  /** More than this unsent on one socket: it gets only the newest of each thing it follows. */
  congestedBytes: 256 * 1024,
  registrations: 500,
} as const
