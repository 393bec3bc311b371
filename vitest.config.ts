import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import { pagePlugins } from './renderer.vite.ts'

const alias = { '@contract': fileURLToPath(new URL('src/main/contract', import.meta.url)) }

/**
 * Files share a process and the packages in it, as loading those is most of the work. Our own modules are read anew
 * for every file.
 */
const together = { isolate: false, unstubGlobals: true, unstubEnvs: true }

/** Puts something else in a package's place, which holds only where nobody has loaded that package yet. */
const apart = ['test/main/store/disk.test.ts']

/** Vitest would leave one core alone. The limits are for a machine that has other things to do. */
const unit = {
  maxWorkers: availableParallelism(),
  testTimeout: 30_000,
  hookTimeout: 30_000,
}

/** Every file has ports, a data folder and a screen of its own, and waits for other processes half of the time. */
const endToEnd = {
  ...together,
  globalSetup: 'test/e2e/harness/build.ts',
  maxWorkers: availableParallelism() + 1,
  testTimeout: 120_000,
  hookTimeout: 120_000,
}

/** One project per kind of machine a test needs: `npx vitest run --project unit test/main/lib`. */
export default defineConfig({
  resolve: { alias },
  test: {
    projects: [
      {
        extends: true,
        test: {
          ...unit,
          ...together,
          name: 'unit',
          include: ['test/{main,follow,preload,house,fakes,scripts,generated}/**/*.test.ts'],
          exclude: apart,
          environment: 'node',
        },
      },
      {
        extends: true,
        test: { ...unit, name: 'apart', include: apart, environment: 'node' },
      },
      {
        extends: true,
        plugins: pagePlugins(),
        // Vue keeps its queue of updates in the package: a test that breaks it must break no other file.
        test: { ...unit, name: 'page', include: ['test/renderer/**/*.test.ts'], environment: 'happy-dom' },
      },
      {
        extends: true,
        test: {
          name: 'interop',
          include: ['test/interop/**/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 90_000,
          // Each waits for a program of its own most of the time.
          maxWorkers: 4,
        },
      },
      {
        extends: true,
        test: {
          ...endToEnd,
          name: 'electron',
          include: ['test/e2e/electron/**/*.test.ts'],
          // Elsewhere there is one screen for all.
          fileParallelism: process.platform === 'linux',
        },
      },
      {
        extends: true,
        test: { ...endToEnd, name: 'browser', include: ['test/e2e/browser/**/*.test.ts'] },
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
