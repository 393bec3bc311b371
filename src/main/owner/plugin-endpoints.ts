import type { RouteResult } from '../contract/routes.ts'
import { answers, follows, type Handler } from '../handlers/handler.ts'
import type { PluginHost } from '../plugin-host/index.ts'

/** The owner's hand on the plug-ins. */
export function pluginEndpoints(host: PluginHost): readonly Handler[] {
  const all = () => toAnswer(host.list())
  return [
    answers('GET plugins', all),
    answers('PUT plugins/enabled', async ({ id, enabled }) => {
      await host.setEnabled(id, enabled)
      return all()
    }),
    answers('POST plugins/restart', async ({ id }) => {
      await host.restart(id)
      return all()
    }),
    answers('POST plugins/search', async () => {
      await host.rescan()
      return all()
    }),
    follows('EVENT plugins', (_params, _call, emit) => {
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
