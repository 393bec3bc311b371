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
  /** Profile to the instant its permission ends. */
  readonly scopes: ReadonlyMap<string, number>
}

export const identityOf = (origin: string, device: string): string => `${origin} ${device}`
