import { type Refusal, refuse } from '../../handlers/outcome.ts'
import type { Clock } from '../../lib/clock.ts'
import type { Rate } from '../../lib/rate.ts'
import type { Guard, ServiceHost, ThirdPartyPlugin } from '../../plugin-host/index.ts'
import { unknownToken } from './authorization.ts'
import type { Grant } from './client.ts'
import type { Clients, Member } from './clients.ts'
import { type Desk, type DeskAnswer, whyDenied } from './desk.ts'

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
  readonly clients: Clients
  readonly desk: Desk
  readonly questions: Rate
  readonly services: Pick<ServiceHost, 'thirdParty' | 'isUnread'>
}

/**
 * gotapi 7.4: "allow this application to use this plug-in?", asked once for each pair, before the first request.
 * The owner's own programs are not asked, and neither is anybody for what came with Gantry.
 */
export function createPluginConsent({ clock, clients, desk, questions, services }: PluginConsentDeps) {
  const open = new Set<OpenQuestion>()

  const guard: Guard = (plugin, caller, signal) => {
    const member = clients.byId(caller.id)
    if (!member?.grant) return unknownToken()
    if (member.grant.isInvited || member.plugins.get(plugin.id)?.identity === plugin.identity)
      return undefined
    if (signal?.aborted) return denied('gone')
    const question = openFor(member, plugin.id) ?? begin(member, member.grant, plugin)
    return waitFor(question, signal)
  }

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
    const { origin, name } = member.client
    if (!questions.take(origin)) return tooOften()
    const answer = await desk.ask({ kind: 'plugin', origin, name, plugin }, signal)
    if (answer !== 'allow' && answer !== 'once') return denied(answer)
    const isKnown = clients.allowPlugin(member, grant, {
      pluginId: plugin.id,
      name: plugin.name,
      identity,
      since: clock.now(),
      isOnce: answer === 'once',
    })
    return isKnown ? undefined : unknownToken()
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
      for (const member of clients.list()) clients.endPlugin(member, pluginId)
    },
    /** What left while Gantry was not running. */
    review(): void {
      const identities = new Map(services.thirdParty().map(({ id, identity }) => [id, identity]))
      for (const member of clients.list()) {
        for (const { pluginId, identity } of [...member.plugins.values()]) {
          // What the owner allowed is not forgotten for a disk that fails.
          if (!services.isUnread(pluginId) && identities.get(pluginId) !== identity)
            clients.endPlugin(member, pluginId)
        }
      }
    },
  }
}

const denied = (answer: Exclude<DeskAnswer, 'allow' | 'once'>) => refuse('auth.denied', whyDenied[answer])
const tooOften = () => refuse('auth.too-often', 'This application asks too often. Try again in a minute.')
