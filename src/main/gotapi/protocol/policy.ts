/** What the owner may set about the front door. Read anew for every decision, so a change holds at once. */
export interface GotapiPolicy {
  /** The name Gantry tells to everybody (gotapi 4.1); none where the owner wants none. */
  readonly name?: string | undefined
  /** gotapi 3.5: `auto` answers 200 always to callers that send X-GotAPI-Origin. */
  readonly errorStyle: 'auto' | 'http' | 'always200'
  /** gotapi 10.2: pages from files. */
  readonly allowNullOrigin: boolean
  /** gotapi 9-8: keeps the line after the last DELETE. */
  readonly keepLineOpen: boolean
  /** gotapi 10.3 */
  readonly refuseRepeatedNonce: boolean
  /** gotapi 10.4: names beside localhost that may stand in the Host header. */
  readonly hostNames: readonly string[]
  /** How long Allow holds. */
  readonly grantedDays: number
  /** gotapi 10.4: of one origin, or of one device on the network, whatever it calls. Four calls a second for each of 100 printers are 400. */
  readonly requestsPerSecond: number
}

export const defaultPolicy: GotapiPolicy = {
  errorStyle: 'auto',
  allowNullOrigin: false,
  keepLineOpen: false,
  refuseRepeatedNonce: false,
  hostNames: [],
  grantedDays: 30,
  requestsPerSecond: 1_000,
}
