import { randomBytes } from 'node:crypto'
import { expect, onTestFinished } from 'vitest'
import { GantryError } from '../../../src/main/contract/error.ts'
import { createGotapi } from '../../../src/main/gotapi/index.ts'
import type { BuiltInPlugin, PluginHostDeps } from '../../../src/main/plugin-host/index.ts'
import { migrations, openStore } from '../../../src/main/store/index.ts'
import { createTestApp } from '../../fakes/gotapi.ts'
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
  const gotapi = createGotapi({
    clock,
    logger: area => log.with({ area }),
    random: sizeBytes => randomBytes(sizeBytes),
    store: opened.store,
    secrets: { protect: text => text, reveal: text => text },
    services: host,
    version: '1.2.3',
    onUntrueResult: untruth => untruths.push(untruth),
    ...(cliSecret === undefined ? {} : { cliSecret, network: loopbackOnly(dir) }),
  })
  await gotapi.start()
  onTestFinished(async () => {
    await gotapi.stop()
    opened.close()
  })
  return {
    ...started,
    gotapi,
    dir,
    /** An application that was let in for these profiles. */
    async enter(scope: string, origin?: string) {
      const app = createTestApp({ gotapi }, origin)
      await app.enter(scope)
      return app
    },
  }
}

const loopbackOnly = (dir: string) => ({
  port: 0,
  httpsPort: 0,
  dir,
  describeTakenPort: async () => new GantryError('port.taken', 'the port is taken'),
})
