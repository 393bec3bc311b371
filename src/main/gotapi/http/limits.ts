const secondMs = 1_000

/** What one caller may take of GotAPI over HTTP. */
export const limits = {
  /** gotapi 10.4 */
  bodyBytes: 1024 * 1024,
  /** From the first byte of a body to its last. */
  bodyMs: 30 * secondMs,
  params: 200,
  /** Bytes that stand still that long have lost their sender, or their reader. */
  stillMs: 30 * secondMs,
  /** gotapi 9-4: from open socket to token. */
  handshakeMs: 5 * secondMs,
  /** gotapi 9-7 */
  pingMs: 5 * secondMs,
  frameBytes: 64 * 1024,
  /** More than this unsent on one socket: it gets only the newest of each thing it follows. */
  congestedBytes: 256 * 1024,
  /** A socket that was told why it ends has this long to say so back. */
  lastWordsMs: 2 * secondMs,
} as const
