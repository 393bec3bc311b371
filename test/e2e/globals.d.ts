import type { GotapiBridge } from '../../src/main/contract/client.ts'

declare global {
  interface Window {
    readonly gantry: GotapiBridge
  }
}
