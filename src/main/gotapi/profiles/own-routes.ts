import { type ErrorCode, GantryError } from '../../contract/error.ts'
import { type Endpoint, endpoint, type Topic, topic } from '../../handlers/handler.ts'
import type { ServiceHost } from '../../plugin-host/index.ts'
import type { AccessStore } from '../auth/access-store.ts'
import type { AnswerKeys } from '../auth/answer-keys.ts'
import type { createAuthorization } from '../auth/authorization.ts'
import type { Desk } from '../auth/desk.ts'
import type { Router } from '../calls/router.ts'
import type { GotapiPolicy } from '../protocol/policy.ts'
import { describeProfiles } from './api-description.ts'

export interface OwnRoutesDeps {
  readonly authorization: ReturnType<typeof createAuthorization>
  readonly keys: AnswerKeys
  readonly desk: Desk
  readonly store: AccessStore
  readonly services: ServiceHost
  readonly router: Router
  readonly policy: () => GotapiPolicy
}

/** gotapi 4, 5, 6: the profiles every GotAPI server has. */
export function createOwnRoutes(deps: OwnRoutesDeps): readonly (Endpoint | Topic)[] {
  return [...accessRoutes(deps), ...discoveryRoutes(deps), ...systemRoutes(deps)]
}

function accessRoutes({ authorization, keys, policy }: OwnRoutesDeps): readonly Endpoint[] {
  return [
    endpoint('GET availability', ({ caller }, { key }) => {
      if (key !== undefined) keys.offer(caller.origin, key)
      const { name } = policy()
      return name ? { name } : {}
    }),
    endpoint('GET authorization/grant', ({ caller, via, leaving }, { device }) =>
      authorization.grant({ origin: caller.origin, via, leaving }, device),
    ),
    endpoint('GET authorization/accesstoken', ({ caller, via, leaving }, params) =>
      authorization.accessToken({ origin: caller.origin, via, leaving }, params),
    ),
  ]
}

function discoveryRoutes({ services }: OwnRoutesDeps): readonly (Endpoint | Topic)[] {
  return [
    endpoint('GET servicediscovery', async () => ({ services: await services.discover() })),
    topic('EVENT servicediscovery/onservicechange', (_context, _params, emit) =>
      services.on('services', entries => emit({ networkService: { services: entries } })),
    ),
    endpoint('GET serviceinformation', async (_context, { serviceId }) => {
      const information = await services.information(serviceId)
      if (!information) throw new GantryError('service.unknown', 'There is no such service.')
      const { connect, supports, supportApis } = information
      return { connect, supports, supportApis: { ...describeProfiles(supports), ...supportApis } }
    }),
  ]
}

/** gotapi 3.5: what a plug-in says of itself stays its refusal; these are Gantry's own. */
const wakeupFaults: Readonly<Record<number, ErrorCode>> = { 10: 'request.invalid', 11: 'auth.denied' }

function systemRoutes({ services, router, desk, store }: OwnRoutesDeps): readonly Endpoint[] {
  return [
    endpoint('GET system', () => ({
      supports: [...router.tokenProfiles],
      plugins: services.plugins().map(({ id, name, version, supports }) => ({ id, name, version, supports })),
    })),
    endpoint('PUT system/device/wakeup', async ({ caller, leaving }, { pluginId }) => {
      const answer = await services.wakeup(pluginId, caller, leaving())
      if (answer.result === 0) return {}
      throw new GantryError(wakeupFaults[answer.errorCode] ?? 'plugin.refused', answer.errorMessage)
    }),
    endpoint('DELETE system/events', async ({ caller }) => {
      await services.clearEvents(caller)
      return {}
    }),
    endpoint('PUT system/keyword', async ({ caller, leaving }) => {
      await desk.ask(
        {
          kind: 'keyword',
          origin: caller.origin,
          name: caller.name,
          keyword: store.fact('keyword') ?? '',
        },
        leaving(),
      )
      // gotapi 6: 0 however the window closed.
      return {}
    }),
  ]
}
