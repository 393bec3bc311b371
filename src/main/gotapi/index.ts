/**
 * The front door: a GotAPI 1.1 server. Who calls, whether they may, and the way to whoever answers; the owner's
 * permission desk; events over one line per application; the transports around it. It knows no printer and no
 * setting: other rooms bring endpoints and topics, and services live behind the plug-in host.
 */
import { createCore } from './core.ts'
import type { GotapiDeps } from './deps.ts'
import type { Desk } from './desk.ts'
import type { GotapiDoor } from './door.ts'
import type { Endpoint, Topic } from './endpoint.ts'
import { createFront, type Front } from './front.ts'

export type { GotapiDeps } from './deps.ts'
export type { Desk } from './desk.ts'
export type { GotapiDoor } from './door.ts'
export type { Endpoint, Topic } from './endpoint.ts'
export type { NetworkNames } from './network-names.ts'
export { defaultPolicy, type GotapiPolicy } from './policy.ts'

/** A room of the engine (`name`, `start`, `stop`) and the door everybody comes in by. */
export interface Gotapi {
  readonly name: string
  readonly door: GotapiDoor
  /** Where questions wait for the owner; the window and the terminal show them. */
  readonly desk: Desk
  /** Other rooms hang their routes in, best before `start`. */
  add(handlers: readonly (Endpoint | Topic)[]): void
  /** `http://127.0.0.1:4035`; undefined while it does not listen. */
  url(): string | undefined
  start(): Promise<void>
  stop(): Promise<void>
}

export function createGotapi(deps: GotapiDeps): Gotapi {
  const core = createCore(deps, origin => front?.isOwnOrigin(origin) ?? false)
  const front: Front | undefined = deps.network && createFront(core, deps, deps.network)
  return {
    name: 'front door',
    door: core.door,
    desk: core.desk,
    add: core.add,
    url: () => front?.url(),
    async start() {
      core.start()
      await front?.start()
    },
    async stop() {
      await front?.stop()
      core.stop()
    },
  }
}
