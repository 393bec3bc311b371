import { GantryError } from '../../contract/error.ts'
import { answers, type CallOf, follows, type Handler } from '../../handlers/handler.ts'
import { errorOf } from '../../handlers/outcome.ts'
import type { ServiceHost } from '../../plugin-host/index.ts'
import type { AccessStore } from '../auth/access-store.ts'
import type { AnswerKeys } from '../auth/answer-keys.ts'
import type { Asker } from '../auth/asker.ts'
import type { createAuthorization } from '../auth/authorization.ts'
import { isUnseen, type Questions, whyNot } from '../auth/questions.ts'
import type { Router } from '../calls/router.ts'
import type { Heartbeat } from '../events/heartbeat.ts'
import type { GotapiPolicy } from '../protocol/policy.ts'

export interface OwnRoutesDeps {
  readonly authorization: ReturnType<typeof createAuthorization>
  readonly keys: AnswerKeys
  readonly questions: Questions
  readonly store: AccessStore
  readonly services: ServiceHost
  readonly router: Router
  readonly heartbeat: Heartbeat
  readonly policy: () => GotapiPolicy
}

/** gotapi 4, 5, 6: the profiles every GotAPI server has. */
export function createOwnRoutes(deps: OwnRoutesDeps): readonly Handler[] {
  return [...accessRoutes(deps), ...discoveryRoutes(deps), ...systemRoutes(deps)]
}

function accessRoutes({ authorization, keys, policy }: OwnRoutesDeps): readonly Handler[] {
  return [
    answers('GET availability', ({ key }, call) => {
      if (key !== undefined) keys.offer(askerOf(call), key)
      const { name } = policy()
      return name ? { name } : {}
    }),
    answers('GET authorization/grant', ({ device }, call) => authorization.grant(askerOf(call), device)),
    answers('GET authorization/accesstoken', (params, call) =>
      authorization.accessToken(askerOf(call), params, call.leaving()),
    ),
  ]
}

const askerOf = ({ caller, via, address }: CallOf<'GET availability'>): Asker => ({
  origin: caller.origin,
  via,
  address,
})

function discoveryRoutes({ services }: OwnRoutesDeps): readonly Handler[] {
  return [
    answers('GET servicediscovery', async () => ({ services: await services.discover() })),
    follows('EVENT servicediscovery/onservicechange', (_params, _call, emit) =>
      services.on('services', entries => emit({ networkService: { services: entries } })),
    ),
    answers('GET serviceinformation', async (_params, { serviceId }) => {
      const information = await services.information(serviceId)
      if (!information) throw new GantryError('service.unknown', 'There is no such service.')
      return information
    }),
  ]
}

function systemRoutes({ services, router, questions, store, heartbeat }: OwnRoutesDeps): readonly Handler[] {
  return [
    follows('EVENT system/heartbeat', (_params, _call, emit) => heartbeat.follow(emit)),
    answers('GET system', () => ({
      supports: router.supports(),
      plugins: services.plugins().map(({ id, name, version, supports }) => ({ id, name, version, supports })),
    })),
    answers('PUT system/device/wakeup', async ({ pluginId }, { caller, leaving }) => {
      const answer = await services.wakeup(pluginId, caller, leaving())
      if (answer.result === 0) return {}
      throw errorOf(answer)
    }),
    answers('DELETE system/events', async (_params, { caller }) => {
      await services.clearEvents(caller)
      return {}
    }),
    answers('PUT system/keyword', async (_params, call) => {
      const keyword = store.fact('keyword') ?? ''
      const question = { kind: 'keyword', name: call.caller.name, keyword } as const
      const answer = await questions.ask(question, askerOf(call), call.leaving())
      if (isUnseen(answer)) throw whyNot(answer)
      // gotapi 6: 0 however the window closed.
      return {}
    }),
  ]
}
