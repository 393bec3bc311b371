/** Every number by which the host keeps a plug-in in bounds. */
export interface PluginLimits {
  /** gotapi 2: one call of an application, approval included. */
  readonly callMs: number
  /** gotapi 2: discovery, all plug-ins together. */
  readonly discoveryMs: number
  /** What one message of a plug-in in a process of its own may weigh. */
  readonly messageBytes: number
  /** Calls a plug-in may owe an answer to; beyond, applications are told to come back. */
  readonly inFlight: number
  /** More messages in one second than any honest plug-in sends: it runs wild and is stopped. */
  readonly messagesPerSecond: number
  /** JavaScript heap of a plug-in in a process of its own. */
  readonly memoryMb: number
  readonly keepAlivePeriodMs: number
  readonly keepAliveLimitMs: number
  /** From "please end" to "end it". */
  readonly stopMs: number
  /** Restarts: first wait, longest wait, and how many crashes within the window end the patience. */
  readonly firstRestartMs: number
  readonly longestRestartMs: number
  readonly crashes: number
  readonly crashWindowMs: number
}

export const defaultLimits: PluginLimits = {
  callMs: 60_000,
  discoveryMs: 8_000,
  messageBytes: 1_048_576,
  inFlight: 256,
  messagesPerSecond: 5_000,
  memoryMb: 128,
  keepAlivePeriodMs: 15_000,
  keepAliveLimitMs: 10_000,
  stopMs: 2_000,
  firstRestartMs: 1_000,
  longestRestartMs: 60_000,
  crashes: 5,
  crashWindowMs: 600_000,
}

/** gotapi 7.4: how often one call may go through approval. */
export const approvalAttempts = 3
