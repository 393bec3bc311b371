import type { RouteResult } from '../contract/routes.ts'
import { type Endpoint, endpoint, type Topic, topic } from '../handlers/handler.ts'
import type { PluginHost } from '../plugin-host/index.ts'

/** The owner's hand on the plug-ins. */
export function pluginEndpoints(host: PluginHost): readonly (Endpoint | Topic)[] {
  const all = () => toAnswer(host.list())
  return [
    endpoint('GET plugins', all),
    endpoint('PUT plugins/enabled', async (_context, { id, enabled }) => {
      await host.setEnabled(id, enabled)
      return all()
    }),
    endpoint('POST plugins/restart', async (_context, { id }) => {
      await host.restart(id)
      return all()
    }),
    endpoint('POST plugins/search', async () => {
      await host.rescan()
      return all()
    }),
    topic('EVENT plugins', (_context, _params, emit) => {
      emit(all())
      return host.onChange(plugins => emit(toAnswer(plugins)))
    }),
  ]
}

/** Of a service only what tells it apart: servicediscovery has the rest. */
const toAnswer = (plugins: ReturnType<PluginHost['list']>): RouteResult<'GET plugins'> => ({
  plugins: plugins.map(plugin => ({
    ...plugin,
    services: plugin.services.map(({ id, name, online }) => ({ id, name, online })),
  })),
})
