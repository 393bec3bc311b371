import { type Refusal, refusalOf } from '../../handlers/outcome.ts'
import type { Clock } from '../../lib/clock.ts'
import type { Logger } from '../../lib/log.ts'
import type { Guard, ServiceHost, ThirdPartyPlugin } from '../../plugin-host/index.ts'
import { unknownToken } from './authorization.ts'
import { type Grant, isOwner, type Member } from './client.ts'
import type { Clients } from './clients.ts'
import { isYes, type Questions, whyNot } from './questions.ts'

interface OpenQuestion {
  readonly member: Member
  readonly pluginId: string
  /** Calls that came while it is open share its answer. */
  waiting: number
  readonly withdraw: AbortController
  readonly answer: Promise<Refusal | undefined>
}

export interface PluginConsentDeps {
  readonly clock: Clock
  readonly log: Logger
  readonly clients: Clients
  readonly questions: Questions
  readonly services: Pick<ServiceHost, 'thirdParty' | 'isUnread'>
}

/**
 * gotapi 7.4: "allow this application to use this plug-in?", asked once for each pair, before the first request.
 * The owner's own programs are not asked, and neither is anybody for what came with Gantry.
 */
export function createPluginConsent({ clock, log, clients, questions, services }: PluginConsentDeps) {
  const open = new Set<OpenQuestion>()

  const guard: Guard = (plugin, caller, signal) => {
    const member = clients.byId(caller.id)
    if (!member?.grant) return unknownToken()
    if (isOwner(member) || member.plugins.get(plugin.id)?.identity === plugin.identity) return undefined
    if (signal?.aborted) return refused(whyNot('gone'))
    const question = openFor(member, plugin.id) ?? begin(member, member.grant, plugin)
    return waitFor(question, signal)
  }

  const refused = (thrown: unknown): Refusal =>
    refusalOf(thrown, error => log.error('a plug-in could not be allowed', { error }))

  const openFor = (member: Member, pluginId: string) =>
    [...open].find(each => each.member === member && each.pluginId === pluginId)

  function begin(member: Member, grant: Grant, plugin: ThirdPartyPlugin): OpenQuestion {
    const withdraw = new AbortController()
    const question = {
      member,
      pluginId: plugin.id,
      waiting: 0,
      withdraw,
      answer: ask(member, grant, plugin, withdraw.signal).finally(() => open.delete(question)),
    }
    open.add(question)
    return question
  }

  async function ask(
    member: Member,
    grant: Grant,
    { identity, ...plugin }: ThirdPartyPlugin,
    signal: AbortSignal,
  ): Promise<Refusal | undefined> {
    const { origin, via, name } = member.client
    try {
      const answer = await questions.ask({ kind: 'plugin', name, plugin }, { origin, via }, signal)
      if (!isYes(answer)) return refused(whyNot(answer))
      const isKnown = clients.allowPlugin(member, grant, {
        pluginId: plugin.id,
        name: plugin.name,
        identity,
        since: clock.now(),
        isOnce: answer === 'once',
      })
      return isKnown ? undefined : unknownToken()
    } catch (thrown) {
      // The owner said yes and the disk did not take it: the application is told, and its next call asks again.
      return refused(thrown)
    }
  }

  async function waitFor(question: OpenQuestion, signal?: AbortSignal): Promise<Refusal | undefined> {
    const leave = () => {
      question.waiting -= 1
      if (question.waiting === 0) end(question)
    }
    question.waiting += 1
    signal?.addEventListener('abort', leave, { once: true })
    try {
      return await question.answer
    } finally {
      signal?.removeEventListener('abort', leave)
    }
  }

  function end(question: OpenQuestion): void {
    // Whoever asks from now on asks anew.
    open.delete(question)
    question.withdraw.abort()
  }

  function endWhere(matches: (question: OpenQuestion) => boolean): void {
    for (const question of [...open].filter(matches)) end(question)
  }

  return {
    guard,
    /** The application is gone, or begins anew. */
    memberEnded: (member: Member) => endWhere(question => question.member === member),
    /** The plug-in was switched off, is gone, or is not who it was. */
    pluginLeft(pluginId: string): void {
      endWhere(question => question.pluginId === pluginId)
      clients.endPlugins((_member, permission) => permission.pluginId === pluginId)
    },
    /** What left while Gantry was not running. */
    review(): void {
      const identities = new Map(services.thirdParty().map(({ id, identity }) => [id, identity]))
      // What the owner allowed is not forgotten for a disk that fails.
      clients.endPlugins(
        (_member, { pluginId, identity }) =>
          !services.isUnread(pluginId) && identities.get(pluginId) !== identity,
      )
    },
  }
}
