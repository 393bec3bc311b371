import { identityOf, type Member } from './client.ts'

/** Who asked and who was let in, as memory has them. One of each identity has a token; more may be asking for one. */
export function createRoster() {
  const byId = new Map<string, Member>()
  const byToken = new Map<string, Member>()
  const letIn = new Map<string, Member>()

  return {
    enter(member: Member): void {
      byId.set(member.client.id, member)
      if (!member.grant) return
      byToken.set(member.grant.tokenHash, member)
      letIn.set(identityOf(member.client), member)
    },
    leave(member: Member): void {
      byId.delete(member.client.id)
      if (!member.grant) return
      byToken.delete(member.grant.tokenHash)
      if (letIn.get(identityOf(member.client)) === member) letIn.delete(identityOf(member.client))
    },
    has: (member: Member) => byId.get(member.client.id) === member,
    byId: (id: string) => byId.get(id),
    byToken: (tokenHash: string) => byToken.get(tokenHash),
    /** Who of this identity has a token. */
    letIn: (identity: string) => letIn.get(identity),
    all: () => [...byId.values()],
  }
}
