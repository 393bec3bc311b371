import type { RouteResult } from '../contract/routes.ts'
import { bytesPath } from '../handlers/bytes.ts'
import { endpoint, type Handler, topic } from '../handlers/handler.ts'
import type { Clock } from '../lib/clock.ts'
import { diagnosticsName, packDiagnostics, zipBytes } from './diagnostics.ts'
import type { Notices } from './notices.ts'
import type { SettingsKeeper } from './settings.ts'

/** What the engine tells of itself. */
export interface EngineFacts {
  state(): RouteResult<'GET engine'>
  config(): Readonly<Record<string, unknown>>
  /** Oldest first, one JSON object each. */
  logLines(): readonly string[]
}

export function ownerEndpoints(deps: {
  readonly settings: SettingsKeeper
  readonly notices: Notices
  readonly facts: EngineFacts
  readonly clock: Clock
}): readonly Handler[] {
  const { settings, notices, facts, clock } = deps
  const allNotices = () => ({ notices: notices.list() })

  return [
    endpoint('GET settings', () => settings.read()),
    endpoint('PUT settings', (_context, patch) => settings.change(patch)),
    topic('EVENT settings/changes', (_context, _params, emit) => {
      emit(settings.read())
      return settings.onChange(emit)
    }),

    endpoint('GET notices', allNotices),
    endpoint('DELETE notices', (_context, { id }) => {
      notices.withdraw(id)
      return allNotices()
    }),
    topic('EVENT notices/changes', (_context, _params, emit) => {
      emit(allNotices())
      return notices.onChange(() => emit(allNotices()))
    }),

    endpoint('GET engine', () => facts.state()),
    endpoint('GET diagnostics', () => {
      const fileName = diagnosticsName(clock.now())
      return { fileName, bytes: bytesPath('diagnostics', fileName) }
    }),
    {
      kind: 'bytes',
      profile: 'diagnostics',
      find: (_caller, fileName) =>
        zipBytes(
          fileName,
          packDiagnostics({
            logLines: facts.logLines(),
            facts: {
              engine: facts.state(),
              config: facts.config(),
              settings: settings.read(),
              notices: notices.list(),
            },
          }),
        ),
    },
  ]
}
