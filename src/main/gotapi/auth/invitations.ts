import { createHash } from 'node:crypto'
import type { Clock } from '../../lib/clock.ts'
import { limits } from './limits.ts'

export interface Invitation {
  /** What the newcomer is called; empty where it names itself. */
  readonly about: string
  readonly scopes: readonly string[]
}

/** Decisions the owner made beforehand, each good for one use within its time. Memory only; looked up by hash. */
export function createInvitations(clock: Clock, random: (sizeBytes: number) => Uint8Array) {
  const open = new Map<string, Invitation & { readonly untilMs: number }>()
  const standing = new Map<string, Invitation>()
  const hashOf = (code: string) => createHash('sha256').update(code).digest('hex')

  return {
    invite({ about, scopes, lifeMs }: Invitation & { readonly lifeMs: number }): string {
      const code = Buffer.from(random(24)).toString('base64url')
      open.set(hashOf(code), { about, scopes, untilMs: clock.elapsed() + lifeMs })
      const oldest = open.keys().next().value
      if (open.size > limits.invitations && oldest !== undefined) open.delete(oldest)
      return code
    },
    /** Good for any number of uses as long as Gantry runs: for a program that reads its code from a file of ours. */
    keep(code: string, invitation: Invitation): void {
      standing.set(hashOf(code), invitation)
    },
    take(code: string): Invitation | undefined {
      const hash = hashOf(code)
      const kept = standing.get(hash)
      if (kept) return kept
      const invitation = open.get(hash)
      open.delete(hash)
      return invitation && invitation.untilMs > clock.elapsed() ? invitation : undefined
    },
  }
}
