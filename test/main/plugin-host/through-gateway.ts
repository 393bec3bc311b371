import { randomBytes } from 'node:crypto'
import { expect, onTestFinished } from 'vitest'
import { createGotapi } from '../../../src/main/gotapi/index.ts'
import type { BuiltInPlugin, PluginHostDeps } from '../../../src/main/plugin-host/index.ts'
import { migrations, openStore } from '../../../src/main/store/index.ts'
import { createTestApp } from '../../fakes/gotapi.ts'
import { createTestHttp } from '../../fakes/http.ts'
import { makeTempDir } from '../../fakes/temp-dir.ts'
import { startHost } from './start-host.ts'

/** The real front door before the real plug-in host, with these plug-ins; with sockets where a secret is given. */
export async function openDoor(
  plugins: readonly BuiltInPlugin[],
  more: Partial<PluginHostDeps> & { readonly cliSecret?: string } = {},
) {
  const { cliSecret, ...hostDeps } = more
  const started = await startHost(plugins, hostDeps)
  const { host, clock, log } = started
  const dir = makeTempDir()
  const untruths: unknown[] = []
  onTestFinished(() => expect(untruths).toEqual([]))
  const opened = await openStore({ file: `${dir}/test.sqlite`, clock, log, migrations })
  const logger = (area: string) => log.with({ area })
  const http = cliSecret === undefined ? undefined : createTestHttp({ clock, logger, dir })
  const gotapi = createGotapi({
    clock,
    logger,
    random: sizeBytes => randomBytes(sizeBytes),
    store: opened.store,
    secrets: { protect: text => text, reveal: text => text },
    services: host,
    version: '1.2.3',
    onUntrueResult: untruth => untruths.push(untruth),
    ...(cliSecret !== undefined && { cliSecret }),
    ...(http && { http }),
  })
  await gotapi.start()
  await http?.start()
  onTestFinished(async () => {
    await http?.stop()
    await gotapi.stop()
    await opened.close()
  })
  return {
    ...started,
    gotapi,
    url: http?.url() ?? '',
    dir,
    /** An application that was let in for these profiles. */
    async enter(scope: string, origin?: string) {
      const app = createTestApp({ gotapi }, origin)
      await app.enter(scope)
      return app
    },
  }
}
