import { existsSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { isGantryError } from '../../../src/main/contract/error.ts'
import { createEngine, type Engine } from '../../../src/main/engine/index.ts'
import { createTestConfig } from '../../fakes/config.ts'
import { createTestPlatform } from '../../fakes/platform.ts'
import { makeTempDir } from '../../fakes/temp-dir.ts'

vi.setConfig({ testTimeout: 30_000 })

/** A port nobody holds; rejects when somebody does. */
function tryPort(port = 0): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject)
    server.listen(port, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' ? (address?.port ?? 0) : 0))
    })
  })
}

/** An engine whose test hears when a room is up. */
function listenIn(dataDir: string, hear: (room: string, sentence: string) => void, port = 0): Engine {
  const config = createTestConfig(dataDir, { logLevel: 'debug', port })
  const write = (line: string) => {
    const { room, sentence } = JSON.parse(line)
    if (room !== undefined) hear(room, sentence)
  }
  const engine = createEngine(createTestPlatform(dataDir), config, { logSink: { write } })
  onTestFinished(engine.stop)
  return engine
}

const moments = ['data folder', 'log file', 'store', 'printers', 'contents', 'plug-ins'].flatMap(room =>
  [0, 5].map(turns => [room, turns] as const),
)
const lastMoments = [0, 6, 12, 18].map(turns => ['front door', turns] as const)

describe('an engine that is told to stop', () => {
  it.each([...moments, ...lastMoments])(
    'when %s is up for %i turns, leaves no port and no lock behind',
    async (room, turns) => {
      const dataDir = makeTempDir()
      const port = await tryPort()
      let stopped: Promise<void> | undefined
      const stopThen = async () => {
        for (let turn = 0; turn < turns; turn++) await undefined
        await engine.stop()
      }
      const engine = listenIn(
        dataDir,
        (up, sentence) => {
          if (up === room && sentence === 'room started') stopped = stopThen()
        },
        port,
      )
      const outcome = engine.start().then(
        () => 'started',
        thrown => (isGantryError(thrown) ? thrown.code : String(thrown)),
      )
      expect(await outcome).toBe('cancelled')
      await stopped
      expect(existsSync(join(dataDir, 'gantry.lock'))).toBe(false)
      await expect(tryPort(port)).resolves.toBe(port)
    },
  )

  it('lets nobody in any more before it ends what feeds prints, and ends that before anything stops', async () => {
    const dataDir = makeTempDir()
    const said: string[] = []
    const engine = listenIn(dataDir, (room, sentence) => {
      if (/^room (drained|stopped)$/.test(sentence)) said.push(`${room} ${sentence.slice(5)}`)
    })
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
      'files stopped',
      'discovery stopped',
      'printers stopped',
      'store stopped',
      'log file stopped',
      'data folder stopped',
    ])
  })
})
