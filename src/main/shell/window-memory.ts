import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Clock } from '../lib/clock.ts'
import type { Dispose } from '../lib/dispose.ts'
import type { Logger } from '../lib/log.ts'
import { type Bounds, type WindowState, windowState } from './window-bounds.ts'

const SETTLE_MS = 500

/** What we use of Electron's window. */
export interface PlacedWindow {
  on(name: 'resize', listener: () => void): unknown
  on(name: 'move', listener: () => void): unknown
  on(name: 'maximize', listener: () => void): unknown
  on(name: 'unmaximize', listener: () => void): unknown
  getNormalBounds(): Bounds
  isMaximized(): boolean
  isFullScreen(): boolean
  isDestroyed(): boolean
}

interface WindowMemoryOptions {
  readonly file: string
  readonly clock: Clock
  readonly log: Logger
}

export interface WindowMemory {
  read(): WindowState | undefined
  /** Writes where the window is whenever it came to rest somewhere new, and once more when undone. */
  keep(window: PlacedWindow): Dispose
}

/** Remembers the window. Losing it costs a person one drag, so nothing here ever fails a start. */
export function createWindowMemory({ file, clock, log }: WindowMemoryOptions): WindowMemory {
  const write = (state: WindowState) => {
    try {
      mkdirSync(dirname(file), { recursive: true })
      writeFileSync(`${file}.draft`, JSON.stringify(state))
      renameSync(`${file}.draft`, file)
    } catch (thrown) {
      log.warn('the place of the window cannot be kept', { cause: thrown })
    }
  }

  return {
    read() {
      try {
        return windowState.parse(JSON.parse(readFileSync(file, 'utf8')))
      } catch {
        return undefined
      }
    },
    keep(window) {
      const save = () => {
        if (window.isDestroyed()) return
        write({
          bounds: window.getNormalBounds(),
          isMaximized: window.isMaximized(),
          isFullScreen: window.isFullScreen(),
        })
      }
      let cancel: Dispose = () => {}
      const saveSoon = () => {
        cancel()
        cancel = clock.after(SETTLE_MS, 'shell window memory', save)
      }
      window.on('resize', saveSoon)
      window.on('move', saveSoon)
      window.on('maximize', saveSoon)
      window.on('unmaximize', saveSoon)
      return () => {
        cancel()
        save()
      }
    },
  }
}
