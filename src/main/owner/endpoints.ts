import type { RouteResult } from '../contract/routes.ts'
import { bytesPath } from '../handlers/bytes.ts'
import { answers, follows, type Handler } from '../handlers/handler.ts'
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
    answers('GET settings', () => settings.read()),
    answers('PUT settings', patch => settings.change(patch)),
    follows('EVENT settings/changes', (_params, _call, emit) => {
      emit(settings.read())
      return settings.onChange(emit)
    }),

    answers('GET notices', allNotices),
    answers('DELETE notices', ({ id }) => {
      notices.withdraw(id)
      return allNotices()
    }),
    follows('EVENT notices/changes', (_params, _call, emit) => {
      emit(allNotices())
      return notices.onChange(() => emit(allNotices()))
    }),

    answers('GET engine', () => facts.state()),
    answers('GET diagnostics', () => {
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
