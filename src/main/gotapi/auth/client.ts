/** An application as Gantry knows it: its origin, or one of several viewers of a page of Gantry's own. */
export interface Client {
  readonly id: string
  readonly origin: string
  readonly device: string
  readonly name: string
}

/** What its one token allows. */
export interface Grant {
  readonly tokenHash: string
  readonly issuedAt: number
  usedAt: number
  /** Allowed once: kept in memory only, gone with the visit. */
  readonly isVisit: boolean
  /** Let in by an invitation: one of the owner's own programs. */
  readonly isInvited: boolean
  /** Profile to the instant its permission ends. */
  readonly scopes: ReadonlyMap<string, number>
}

/** gotapi 7.4: the owner's yes to one application using one plug-in that did not come with Gantry. */
export interface PluginPermission {
  readonly pluginId: string
  /** As the owner was shown it. */
  readonly name: string
  /** What the plug-in was; another one of the same id is another plug-in. */
  readonly identity: string
  readonly since: number
  /** Until the token ends; kept in memory only. */
  readonly isOnce: boolean
}

export const identityOf = (origin: string, device: string): string => `${origin} ${device}`
