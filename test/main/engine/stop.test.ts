import { existsSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { isGantryError } from '../../../src/main/contract/error.ts'
import { createEngine } from '../../../src/main/engine/index.ts'
import { createTestConfig } from '../../fakes/config.ts'
import { createTestEngine } from '../../fakes/engine.ts'
import { createTestPlatform } from '../../fakes/platform.ts'
import { makeTempDir } from '../../fakes/temp-dir.ts'

vi.setConfig({ testTimeout: 30_000 })

/** A port nobody holds just now; rejects when somebody does. */
function holdPort(port = 0): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject)
    server.listen(port, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' ? (address?.port ?? 0) : 0))
    })
  })
}

const turns = async (count: number) => {
  for (let turn = 0; turn < count; turn++) await new Promise<void>(resolve => setImmediate(resolve))
}

describe('an engine that is told to stop', () => {
  it.each([0, 1, 2, 3, 5, 8, 13, 21, 34, 55])(
    '%i turns into its start, leaves no port and no lock behind',
    async count => {
      const dataDir = makeTempDir()
      const port = await holdPort()
      const engine = createTestEngine(dataDir, { config: { port } })
      const started = engine.start().then(
        () => 'started',
        thrown => (isGantryError(thrown) ? thrown.code : String(thrown)),
      )
      await turns(count)
      await engine.stop()
      expect(existsSync(join(dataDir, 'gantry.lock'))).toBe(false)
      await expect(holdPort(port)).resolves.toBe(port)
      expect(await started).toMatch(/^(cancelled|started)$/)
    },
  )

  it('lets nobody in any more before it ends what feeds prints, and ends that before anything stops', async () => {
    const dataDir = makeTempDir()
    const said: string[] = []
    const engine = createEngine(
      createTestPlatform(dataDir),
      createTestConfig(dataDir, { logLevel: 'debug' }),
      {
        logSink: {
          write(line) {
            const { sentence, room } = JSON.parse(line)
            if (/^room (drained|stopped)$/.test(sentence)) said.push(`${room} ${sentence.slice(5)}`)
          },
        },
      },
    )
    await engine.start()
    await engine.stop()
    expect(said).toEqual([
      'http drained',
      'front door drained',
      'contents drained',
      'printers drained',
      'http stopped',
      'front door stopped',
      'plug-ins stopped',
      'contents stopped',
      'discovery stopped',
      'printers stopped',
      'store stopped',
      'log file stopped',
      'data folder stopped',
    ])
  })
})
