import type { Caller, Via } from '../../handlers/caller.ts'

/** An application as Gantry knows it: its origin and the way it calls by, or one of several viewers of a page of ours. */
export interface Client {
  readonly id: string
  readonly origin: string
  /** Empty but for viewers of Gantry's own pages. */
  readonly device: string
  readonly via: Via
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

/** A client with everything that changes about it. */
export interface Member {
  client: Client
  readonly since: number
  grant: Grant | undefined
  /** The key by which answers to it are signed, text mode (gotapi 10.3). */
  answerKey: string | undefined
  /** gotapi 9-8: its line stays open after its last DELETE. */
  keepsLine: boolean
  requestsToday: number
  /** By the plug-in's id. */
  readonly plugins: Map<string, PluginPermission>
  /** How many questions to let it in stand open before the owner. */
  questions: number
}

/** Anybody on the network can send any Origin header: who says the same from elsewhere is somebody else. */
export const identityOf = ({ origin, device, via }: Pick<Client, 'origin' | 'device' | 'via'>): string =>
  `${via} ${origin} ${device}`

/** Whether the database knows of it. */
export const isKept = ({ grant }: Member): boolean => grant !== undefined && !grant.isVisit

/** Who it is, for whoever answers its calls. */
export const callerOf = (member: Member): Caller => ({
  id: member.client.id,
  origin: member.client.origin,
  name: member.client.name,
  isOwner: isOwner(member),
})

/** As its token stands now: a client may be let in anew, and differently. */
export const isOwner = ({ grant }: Member): boolean => grant?.isInvited === true
