/**
 * What passes between the preload bridge and the main process: one channel for calls, one for following events.
 * Everything else a page could send has no listener.
 */
export const callChannel = 'gantry:call'
export const followChannel = 'gantry:follow'

/** Both channels carry this towards the main process; nothing of it is trusted there. */
export interface BridgeRequest {
  readonly route: string
  readonly params: unknown
}

/** What comes back over the port of one subscription; closing the port ends it. */
export type FollowMessage =
  | { readonly kind: 'event'; readonly frame: Readonly<Record<string, unknown>> }
  | { readonly kind: 'refused'; readonly answer: Readonly<Record<string, unknown>> }
