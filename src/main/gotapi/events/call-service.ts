import type { CallPath } from '../../handlers/call-path.ts'
import type { Call } from '../../handlers/handler.ts'
import type { Outcome } from '../../handlers/outcome.ts'
import type { TextParams } from '../../handlers/read-params.ts'
import type { ServiceCall, ServiceHost } from '../../plugin-host/index.ts'

/** What an application asks of a service. */
export interface ServiceWish {
  readonly call: Call
  readonly params: TextParams
  /** As whoever answers knows it. */
  readonly target: CallPath
  readonly serviceId: string
}

/** @param signal in the place of the caller's own. */
export function callService(
  services: ServiceHost,
  action: ServiceCall['action'],
  { target, call, serviceId, params }: ServiceWish,
  follows = false,
  signal = call.leaving(),
): Promise<Outcome> {
  return services.call(
    {
      action,
      caller: call.caller,
      serviceId,
      params: withoutServerParams(params),
      follows,
      profile: target.profile,
      ...(target.interface !== undefined && { interface: target.interface }),
      ...(target.attribute !== undefined && { attribute: target.attribute }),
    },
    signal,
  )
}

/** gotapi 10.4: the application's token never reaches a plug-in. A `key` is the server's with availability only (3.3). */
function withoutServerParams(params: TextParams): TextParams {
  const { accessToken: _token, serviceId: _service, nonce: _nonce, ...rest } = params
  return rest
}
