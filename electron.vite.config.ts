import { fileURLToPath } from 'node:url'
import { defineConfig } from 'electron-vite'
import { pagePlugins } from './renderer.vite.ts'

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url))
const alias = { '@contract': at('src/main/contract') }

export default defineConfig({
  main: {
    resolve: { alias },
    build: {
      outDir: 'out/main',
      rollupOptions: {
        input: {
          index: at('src/main/index.ts'),
          headless: at('src/main/headless.ts'),
          'plugin-runner': at('src/main/plugin-host/runner.js'),
        },
      },
    },
  },
  preload: {
    resolve: { alias },
    build: {
      outDir: 'out/preload',
      // A sandboxed preload is loaded as CommonJS, whatever the package says.
      rollupOptions: {
        input: { index: at('src/preload/index.ts') },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: 'src/renderer',
    resolve: { alias },
    plugins: pagePlugins(),
    build: {
      outDir: 'out/renderer',
      // Nothing is inlined as a data URI: the content policy allows fonts and pictures of our own origin only.
      assetsInlineLimit: 0,
      rollupOptions: { input: { index: at('src/renderer/index.html') } },
    },
  },
})
