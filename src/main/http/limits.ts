const secondMs = 1_000

/** Every number that bounds what a caller can take of the listeners. */
export const limits = {
  headerBytes: 16 * 1024,
  headersMs: 10 * secondMs,
  keepAliveMs: 20 * secondMs,
  connections: 4_000,
  /** Of one other device: a room full of tablets still comes in beside a broken one. */
  connectionsPerDevice: 400,
  /** All programs of this machine share one address; what is left belongs to the other devices. */
  connectionsOfThisMachine: 3_000,
  /** A connection that was told why it ends has this long to read it. */
  lastWordsMs: secondMs,
} as const
