import { z } from 'zod'
import { type Settings, settingsSchema } from '../contract/settings.ts'
import type { Clock } from '../lib/clock.ts'
import type { Dispose } from '../lib/dispose.ts'
import { createEmitter } from '../lib/emitter.ts'
import type { Logger } from '../lib/log.ts'
import type { Store } from '../store/index.ts'

const defaults: Settings = {
  language: 'system',
  theme: 'system',
  name: 'Gantry',
  grantedDays: 30,
  requestsPerSecond: 1_000,
  errorStyle: 'auto',
  allowNullOrigin: false,
  keepLineOpen: false,
  refuseRepeatedNonce: false,
  hostNames: [],
}
const names = Object.keys(defaults) as (keyof Settings)[]
const row = z.object({ name: z.string(), value: z.string() })

export interface SettingsKeeper {
  read(): Settings
  /** Changes what is given, all of it or nothing, and answers with all there is. */
  change(patch: { readonly [Name in keyof Settings]?: Settings[Name] | undefined }): Settings
  onChange(listener: (settings: Settings) => void): Dispose
}

export function createSettings(deps: {
  readonly store: Store
  readonly clock: Clock
  readonly log: Logger
}): SettingsKeeper {
  const { store, clock, log } = deps
  const emitter = createEmitter<{ changed: Settings }>(thrown =>
    log.error('a listener of the settings failed', { cause: thrown }),
  )
  let current = readStored(store, log)

  return {
    read: () => current,
    change(patch) {
      const changed = names.filter(name => patch[name] !== undefined && patch[name] !== current[name])
      if (changed.length === 0) return current
      store.transaction(() => {
        for (const name of changed) {
          store.run(
            `INSERT INTO setting (name, value, changed_at) VALUES (?, ?, ?)
             ON CONFLICT (name) DO UPDATE SET value = excluded.value, changed_at = excluded.changed_at`,
            [name, JSON.stringify(patch[name]), clock.now()],
          )
        }
      })
      current = { ...current, ...Object.fromEntries(changed.map(name => [name, patch[name]])) }
      log.info('settings changed', { names: changed })
      emitter.emit('changed', current)
      return current
    },
    onChange: listener => emitter.on('changed', listener),
  }
}

/** A value that an older or a newer Gantry wrote otherwise costs itself, not the others. */
function readStored(store: Store, log: Logger): Settings {
  let settings = defaults
  for (const { name, value } of store.all('SELECT name, value FROM setting', [], row)) {
    const known = settingsSchema.partial().safeParse({ [name]: readJson(value) })
    if (known.success) settings = { ...settings, ...withoutGaps(known.data) }
    else log.warn('stored setting is not of its form, using the default', { name })
  }
  return settings
}

function withoutGaps(
  part: { readonly [Name in keyof Settings]?: Settings[Name] | undefined },
): Partial<Settings> {
  return Object.fromEntries(Object.entries(part).filter(([, value]) => value !== undefined))
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // Undefined is no setting's value but "not there": the null below is refused by every schema.
    return null
  }
}
