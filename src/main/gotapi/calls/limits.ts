/** What bounds one call. */
export const limits = {
  /** gotapi 2: per call. The host's own limit is 60 s; this one is for when even the host does not return. */
  callMs: 62_000,
  /** Origins whose rate is counted at the same time. */
  originsCounted: 2_000,
  pathsKept: 1_000,
} as const
