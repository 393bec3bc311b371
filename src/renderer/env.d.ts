/// <reference types="vite/client" />
import type { GotapiBridge } from '@contract/client.ts'

declare global {
  interface Window {
    /** There in Gantry's own window, put by the preload script; a browser has none. */
    readonly gantry?: GotapiBridge
  }
}
