import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import ui from '@nuxt/ui/vite'
import vue from '@vitejs/plugin-vue'
import type { Plugin } from 'vite'

/**
 * What turns the page's sources into something a browser runs; shared by the build and the page's tests.
 * Icons are cut out of the bundled Lucide set at build time, so none is ever fetched.
 */
export const pagePlugins = () => [
  vue(),
  ui({
    root: fileURLToPath(new URL('.', import.meta.url)),
    autoImport: false,
    components: false,
    dts: false,
    colorMode: false,
    // As drawn: signs no taller than the words beside them, and red words without a red frame.
    ui: {
      button: {
        slots: { base: 'font-[560]', leadingIcon: 'size-4', trailingIcon: 'size-4' },
        variants: { size: { md: { leadingIcon: 'size-4', trailingIcon: 'size-4' } } },
        compoundVariants: [{ color: 'error', variant: 'outline', class: 'ring-line' }],
      },
    },
    icon: {
      mode: 'svg',
      clientBundle: { scan: { globInclude: ['src/renderer/**/*.{vue,ts}'], globExclude: ['**/*.d.ts'] } },
    },
  }),
]

const packedEndings = ['.html', '.js', '.css', '.svg', '.json', '.txt']
/** What is smaller fits into one packet as it is. */
const smallestPacked = 1_024

/** Puts a packed copy of every text file beside it, so that the server packs nothing while it serves. */
export function packedCopies(): Plugin {
  let dir = ''
  return {
    name: 'gantry:packed-copies',
    apply: 'build',
    configResolved({ build }) {
      dir = build.outDir
    },
    closeBundle() {
      for (const name of readdirSync(dir, { recursive: true, encoding: 'utf8' })) {
        if (!packedEndings.includes(extname(name))) continue
        const bytes = readFileSync(join(dir, name))
        if (bytes.length < smallestPacked) continue
        const params = {
          [constants.BROTLI_PARAM_QUALITY]: 9,
          [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
        }
        writeFileSync(join(dir, `${name}.br`), brotliCompressSync(bytes, { params }))
        writeFileSync(join(dir, `${name}.gz`), gzipSync(bytes, { level: 9 }))
      }
    },
  }
}
