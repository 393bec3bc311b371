import type { Dispose } from '../lib/dispose.ts'
import type { PluginRecord } from './record.ts'

/** What the owner may do with plug-ins, beside what the server needs of them. */
export interface PluginCare {
  list(): readonly PluginRecord[]
  /** Kept over restarts of Gantry; takes effect at once. */
  setEnabled(pluginId: string, enabled: boolean): Promise<void>
  /** Forgives old crashes. */
  restart(pluginId: string): Promise<void>
  /** Reads the folder again: new plug-ins start, changed ones start anew, lost ones end. */
  rescan(): Promise<void>
  onChange(listener: (plugins: readonly PluginRecord[]) => void): Dispose
}
