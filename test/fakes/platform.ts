import { createNodePlatform } from '../../src/main/engine/index.ts'
import type { Platform } from '../../src/main/engine/platform.ts'

/** A machine of the test's own: everything in one folder, nothing of the real environment. */
export function createTestPlatform(dataDir: string, overrides: Partial<Platform> = {}): Platform {
  const dirs = { data: dataDir, page: dataDir, resources: dataDir, program: dataDir }
  const machine = createNodePlatform({ dirs, version: '0.0.0-test', env: {} })
  return {
    ...machine,
    keepAwake: () => () => undefined,
    clockIsSynchronised: async () => undefined,
    ...overrides,
  }
}
