import type { RouteResult } from '../contract/routes.ts'
import { answers, follows, type Handler } from '../handlers/handler.ts'
import type { PluginCare } from './plugin-care.ts'
import type { PluginRecord } from './record.ts'

/** The owner's care of the plug-ins, for the front door. */
export function pluginEndpoints(care: PluginCare): readonly Handler[] {
  const all = () => toAnswer(care.list())
  return [
    answers('GET plugins', all),
    answers('PUT plugins/enabled', async ({ id, enabled }) => {
      await care.setEnabled(id, enabled)
      return all()
    }),
    answers('POST plugins/restart', async ({ id }) => {
      await care.restart(id)
      return all()
    }),
    answers('POST plugins/search', async () => {
      await care.rescan()
      return all()
    }),
    follows('EVENT plugins', (_params, _call, emit) => {
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
