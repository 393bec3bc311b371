import { fileURLToPath } from 'node:url'
import ui from '@nuxt/ui/vite'
import vue from '@vitejs/plugin-vue'

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
