import type { Config } from '../../src/main/engine/index.ts'

/** A quiet engine on free ports that leaves the network alone. */
export function createTestConfig(dataDir: string, overrides: Partial<Config> = {}): Config {
  return {
    headless: true,
    demo: false,
    dataDir,
    port: 0,
    httpsPort: 0,
    discovery: false,
    logLevel: 'debug',
    checkResults: true,
    ...overrides,
  }
}
