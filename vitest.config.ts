import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import { pagePlugins } from './renderer.vite.ts'

const alias = { '@contract': fileURLToPath(new URL('src/main/contract', import.meta.url)) }

/** One project per kind of machine a test needs: `npx vitest run --project unit test/main/lib`. */
export default defineConfig({
  resolve: { alias },
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['test/{main,preload,house,fakes,scripts,generated}/**/*.test.ts'],
          environment: 'node',
        },
      },
      {
        extends: true,
        plugins: pagePlugins(),
        test: { name: 'page', include: ['test/renderer/**/*.test.ts'], environment: 'happy-dom' },
      },
      {
        extends: true,
        test: {
          name: 'interop',
          include: ['test/interop/**/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 90_000,
          // Each waits for a program of its own most of the time.
          maxWorkers: 3,
        },
      },
      {
        extends: true,
        test: {
          name: 'electron',
          include: ['test/e2e/electron/**/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          fileParallelism: false,
        },
      },
      {
        extends: true,
        test: {
          name: 'browser',
          include: ['test/e2e/browser/**/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          fileParallelism: false,
        },
      },
      {
        extends: true,
        test: {
          name: 'packaged',
          include: ['test/e2e/packaged/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
    ],
  },
})
