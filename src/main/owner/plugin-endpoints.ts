import { type Endpoint, endpoint, type Topic, topic } from '../gotapi/endpoint.ts'
import type { PluginHost } from '../plugin-host/index.ts'

/** The owner's hand on the plug-ins. */
export function pluginEndpoints(host: PluginHost): readonly (Endpoint | Topic)[] {
  const all = () => ({ plugins: host.list() })
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
      return host.onChange(plugins => emit({ plugins }))
    }),
  ]
}
