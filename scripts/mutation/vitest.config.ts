import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

/** The unit tests as Stryker runs them: it knows no projects, and a mutant that survives runs every test that meets it. */
export default defineConfig({
  resolve: { alias: { '@contract': fileURLToPath(new URL('../../src/main/contract', import.meta.url)) } },
  test: {
    include: ['test/main/**/*.test.ts'],
    // Thousands of generated inputs each: what they find, a plain test then says.
    exclude: ['**/wild.test.ts', '**/*.property.test.ts'],
    environment: 'node',
  },
})
