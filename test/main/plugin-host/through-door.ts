import { randomBytes } from 'node:crypto'
import { onTestFinished } from 'vitest'
import { createGotapi } from '../../../src/main/gotapi/index.ts'
import type { BuiltInPlugin, PluginHostDeps } from '../../../src/main/plugin-host/index.ts'
import { migrations, openStore } from '../../../src/main/store/index.ts'
import { createTestApp } from '../../fakes/gotapi.ts'
import { makeTempDir } from '../../fakes/temp-dir.ts'
import { startHost } from './start-host.ts'

/** The real front door before the real plug-in host, with these plug-ins; everything but sockets. */
export async function openDoor(plugins: readonly BuiltInPlugin[], more: Partial<PluginHostDeps> = {}) {
  const started = await startHost(plugins, more)
  const { host, clock, log } = started
  const opened = await openStore({ file: `${makeTempDir()}/test.sqlite`, clock, log, migrations })
  const gotapi = createGotapi({
    clock,
    logger: area => log.with({ area }),
    random: sizeBytes => randomBytes(sizeBytes),
    store: opened.store,
    secrets: { protect: text => text, reveal: text => text },
    services: host,
    version: '1.2.3',
  })
  await gotapi.start()
  onTestFinished(async () => {
    await gotapi.stop()
    opened.close()
  })
  return {
    ...started,
    gotapi,
    /** An application that was let in for these profiles. */
    async enter(scope: string, origin?: string) {
      const app = createTestApp({ gotapi }, origin)
      await app.enter(scope)
      return app
    },
  }
}
