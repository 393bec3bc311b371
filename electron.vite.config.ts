import { fileURLToPath } from 'node:url'
import { defineConfig } from 'electron-vite'
import { packedCopies, pagePlugins } from './renderer.vite.ts'

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url))
const alias = { '@contract': at('src/main/contract') }

export default defineConfig({
  main: {
    resolve: { alias },
    build: {
      outDir: 'out/main',
      target: 'node20.18',
      minify: false,
      // Dependencies, all of them native, stay outside with their binaries; everything else is built in,
      // so that a package carries nothing it does not run.
      rollupOptions: {
        input: {
          index: at('src/main/index.ts'),
          headless: at('src/main/headless.ts'),
          cli: at('src/main/cli.ts'),
          'serial-stream': at('src/main/printers/drivers/marlin/serial-stream.ts'),
          'store-backup': at('src/main/store/store-backup.ts'),
          'plugin-runner': at('src/main/plugin-host/runner.js'),
        },
        output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: 'parts/[name]-[hash].js' },
      },
    },
  },
  preload: {
    resolve: { alias },
    build: {
      outDir: 'out/preload',
      // A sandboxed preload is loaded as CommonJS, whatever the package says, and can require no file.
      externalizeDeps: false,
      rollupOptions: {
        input: { index: at('src/preload/index.ts') },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: 'src/renderer',
    resolve: { alias },
    plugins: [...pagePlugins(), packedCopies()],
    build: {
      outDir: 'out/renderer',
      // Nothing is inlined as a data URI: the content policy allows fonts and pictures of our own origin only.
      assetsInlineLimit: 0,
      rollupOptions: {
        input: {
          index: at('src/renderer/index.html'),
          ask: at('src/renderer/ask.html'),
          login: at('src/renderer/login.html'),
        },
      },
    },
  },
})
