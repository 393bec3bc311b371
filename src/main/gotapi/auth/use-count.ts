import type { Clock } from '../../lib/clock.ts'
import type { Logger } from '../../lib/log.ts'
import type { AccessStore } from './access-store.ts'
import { isKept, type Member } from './client.ts'

/** How much each application asks on one day of the owner's, whose midnight is that of the machine's own clock. */
export function createUseCount(deps: {
  readonly clock: Clock
  readonly log: Logger
  readonly store: Pick<AccessStore, 'count'>
  readonly members: () => readonly Member[]
}) {
  const { clock, log, store } = deps
  let today = dayAround(clock.now())
  const used = new Set<Member>()

  function turnDay(): void {
    const nowAt = clock.now()
    if (nowAt < today.endsAt && nowAt >= today.startsAt) return
    flush()
    today = dayAround(nowAt)
    for (const member of deps.members()) member.requestsToday = 0
  }

  /** Every few seconds instead of with each call: that would cost every call something. */
  function flush(): void {
    const uses = [...used].flatMap(member =>
      member.grant && isKept(member)
        ? [{ clientId: member.client.id, usedAt: member.grant.usedAt, requests: member.requestsToday }]
        : [],
    )
    try {
      if (uses.length > 0) store.count(today.name, uses)
      used.clear()
    } catch (error) {
      // Counting is for the owner's eyes; a full disk must not stop anybody from printing. The next time counts it, too.
      log.warn('use of applications could not be written', { error })
    }
  }

  return {
    today: () => today.name,
    turnDay,
    flush,
    count(member: Member): void {
      turnDay()
      member.requestsToday += 1
      if (member.grant) member.grant.usedAt = clock.now()
      used.add(member)
    },
    forget(member: Member): void {
      used.delete(member)
    },
    /** Of all applications together: a number to see by whether there was any use. */
    total(): number {
      turnDay()
      return deps.members().reduce((sum, { requestsToday }) => sum + requestsToday, 0)
    },
  }
}

/** The name is that of the day here, not in Greenwich: it is what the owner calls today. */
function dayAround(at: number) {
  const date = new Date(at)
  const midnight = (plusDays: number) =>
    new Date(date.getFullYear(), date.getMonth(), date.getDate() + plusDays).getTime()
  const name = [date.getFullYear(), date.getMonth() + 1, date.getDate()]
    .map(part => String(part).padStart(2, '0'))
    .join('-')
  return { name, startsAt: midnight(0), endsAt: midnight(1) }
}
