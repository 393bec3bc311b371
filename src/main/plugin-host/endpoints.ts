import type { RouteResult } from '../contract/routes.ts'
import { type Endpoint, endpoint, type Topic, topic } from '../handlers/handler.ts'
import type { PluginCare } from './plugin-care.ts'
import type { PluginRecord } from './record.ts'

/** The owner's care of the plug-ins, for the front door. */
export function pluginEndpoints(care: PluginCare): readonly (Endpoint | Topic)[] {
  const all = () => toAnswer(care.list())
  return [
    endpoint('GET plugins', all),
    endpoint('PUT plugins/enabled', async (_context, { id, enabled }) => {
      await care.setEnabled(id, enabled)
      return all()
    }),
    endpoint('POST plugins/restart', async (_context, { id }) => {
      await care.restart(id)
      return all()
    }),
    endpoint('POST plugins/search', async () => {
      await care.rescan()
      return all()
    }),
    topic('EVENT plugins', (_context, _params, emit) => {
      emit(all())
      return care.onChange(plugins => emit(toAnswer(plugins)))
    }),
  ]
}

/** Of a service only what tells it apart: servicediscovery has the rest. */
const toAnswer = (plugins: readonly PluginRecord[]): RouteResult<'GET plugins'> => ({
  plugins: plugins.map(plugin => ({
    ...plugin,
    services: plugin.services.map(({ id, name, online }) => ({ id, name, online })),
  })),
})
