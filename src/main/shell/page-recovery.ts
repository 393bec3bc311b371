import type { Clock } from '../lib/clock.ts'
import type { Dispose } from '../lib/dispose.ts'
import type { Logger } from '../lib/log.ts'
import { isOwnPage } from './own-page.ts'

const RELOAD_FIRST_MS = 500
const RELOAD_LONGEST_MS = 30_000
/** A page that lived this long was not killed by its own start. */
const HEALTHY_MS = 60_000
const FROZEN_LIMIT_MS = 15_000

/** What we use of Electron's window. */
export interface RecoverableWindow {
  readonly webContents: {
    on(
      name: 'render-process-gone',
      listener: (event: unknown, details: { readonly reason: string; readonly exitCode: number }) => void,
    ): unknown
    on(name: 'did-navigate', listener: (event: unknown, url: string) => void): unknown
    loadURL(url: string): Promise<void>
    reload(): void
    forcefullyCrashRenderer(): void
  }
  on(name: 'unresponsive', listener: () => void): unknown
  on(name: 'responsive', listener: () => void): unknown
  isDestroyed(): boolean
}

interface PageRecoveryOptions {
  readonly url: string
  readonly clock: Clock
  readonly log: Logger
}

/**
 * Brings the page back when it left, or its process crashed or froze, slower each time it happens again soon. The engine lives
 * in another process and does not notice.
 */
export function recoverPage(window: RecoverableWindow, { url, clock, log }: PageRecoveryOptions): void {
  const contents = window.webContents
  let delayMs = RELOAD_FIRST_MS
  let lastAtMs = Number.NEGATIVE_INFINITY
  let cancelKill: Dispose = () => {}

  contents.on('render-process-gone', (_event, { reason, exitCode }) => {
    cancelKill()
    if (reason === 'clean-exit') return
    const nowMs = clock.elapsed()
    delayMs = nowMs - lastAtMs > HEALTHY_MS ? RELOAD_FIRST_MS : Math.min(delayMs * 2, RELOAD_LONGEST_MS)
    lastAtMs = nowMs
    log.error('the page crashed and is loaded again', { reason, exitCode, delayMs })
    clock.after(delayMs, 'shell page reload', () => {
      if (!window.isDestroyed()) contents.reload()
    })
  })
  // No event stops a page from leaving for about:blank. It has no bridge there; it is led back.
  contents.on('did-navigate', (_event, to) => {
    if (isOwnPage(to)) return
    log.warn('the page left for a foreign address and is loaded again', { url: to })
    contents.loadURL(url).catch(thrown => log.error('the page cannot be loaded', { cause: thrown }))
  })
  window.on('unresponsive', () => {
    log.warn('the page does not respond')
    cancelKill()
    cancelKill = clock.after(FROZEN_LIMIT_MS, 'shell page frozen', () => {
      if (!window.isDestroyed()) contents.forcefullyCrashRenderer()
    })
  })
  window.on('responsive', () => cancelKill())
}
