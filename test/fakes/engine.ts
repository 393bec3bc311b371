import { expect, onTestFinished } from 'vitest'
import type { Config } from '../../src/main/engine/config.ts'
import { createEngine, type Engine } from '../../src/main/engine/index.ts'
import type { Platform } from '../../src/main/engine/platform.ts'
import { createTestConfig } from './config.ts'
import { createTestPlatform } from './platform.ts'

/** The whole engine in one folder, stopped after the test, which fails where an answer was not as documented. */
export function createTestEngine(
  dataDir: string,
  { config = {}, platform = {} }: { config?: Partial<Config>; platform?: Partial<Platform> } = {},
): Engine {
  const untrue: string[] = []
  const engine = createEngine(createTestPlatform(dataDir, platform), createTestConfig(dataDir, config), {
    logSink: {
      write(line) {
        if (line.includes('an answer is not as documented')) untrue.push(line)
      },
    },
  })
  onTestFinished(async () => {
    await engine.stop()
    expect(untrue).toEqual([])
  })
  return engine
}
