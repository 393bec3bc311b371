import { z } from 'zod'
import type { Clock } from '../lib/clock.ts'
import type { Store } from '../store/index.ts'
import type { PluginSwitches } from './catalogue.ts'

const row = z.object({ enabled: z.number() })

/** The owner's switches. A plug-in they have not touched is on: who puts a folder there wants it to run. */
export function createPluginSwitches(store: Store, clock: Clock): PluginSwitches {
  return {
    isEnabled: id => store.get('SELECT enabled FROM plugin_switch WHERE id = ?', [id], row)?.enabled !== 0,
    setEnabled(id, enabled) {
      store.run(
        `INSERT INTO plugin_switch (id, enabled, changed_at) VALUES (?, ?, ?)
ON CONFLICT (id) DO UPDATE SET enabled = excluded.enabled, changed_at = excluded.changed_at`,
        [id, enabled ? 1 : 0, clock.now()],
      )
    },
  }
}
