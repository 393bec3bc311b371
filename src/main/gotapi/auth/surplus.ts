import { identityOf, type Member } from './client.ts'
import { limits } from './limits.ts'

/** Who is using Gantry this moment, though it may not call for long. */
export type IsLive = (member: Member) => boolean

/**
 * Who gives way to somebody that began to ask: an earlier try of the same application, and the oldest of too many on
 * the same way. Never the newcomer, and nobody about whom the owner is being asked.
 */
export function surplusOfAsking(members: readonly Member[], newcomer: Member): readonly Member[] {
  const others = members.filter(member => member !== newcomer && !member.grant && member.questions === 0)
  const identity = identityOf(newcomer.client)
  const isRepeated = (member: Member) => identityOf(member.client) === identity
  const sameWay = others.filter(member => member.client.via === newcomer.client.via && !isRepeated(member))
  const tooMany = Math.max(0, sameWay.length + 1 - limits.clientsAsking)
  return [...others.filter(isRepeated), ...sameWay.sort((a, b) => a.since - b.since).slice(0, tooMany)]
}

/**
 * gotapi 4.2: who gives way to an application that was let in: the one unused longest, those with a line last. The
 * owner's own windows, phones and tools are not counted.
 */
export function surplusOfLetIn(
  members: readonly Member[],
  newcomer: Member,
  isLive: IsLive,
): Member | undefined {
  const applications = members.filter(({ grant }) => grant && !grant.isInvited)
  if (applications.length <= limits.clients) return undefined
  const usedAt = (member: Member) => (isLive(member) ? Number.POSITIVE_INFINITY : (member.grant?.usedAt ?? 0))
  const others = applications.filter(member => member !== newcomer)
  return others.reduce((oldest, member) => (usedAt(member) < usedAt(oldest) ? member : oldest))
}

/** gotapi 4.2: what nobody uses any more, and why it goes. */
export function endOfDisuse(
  member: Member,
  nowAt: number,
  isLive: IsLive,
): 'unused' | 'visit over' | undefined {
  const { grant } = member
  if (!grant) return member.questions === 0 && nowAt - member.since > limits.askingMs ? 'unused' : undefined
  const lastEnd = Math.max(...grant.scopes.values())
  const isOver = nowAt > lastEnd
  if (grant.isVisit && isOver) return 'visit over'
  if (isLive(member)) return undefined
  const unusedMs = nowAt - grant.usedAt
  if (unusedMs > limits.clientUnusedMs) return 'unused'
  return isOver && unusedMs > limits.tokenUnusedMs ? 'unused' : undefined
}
