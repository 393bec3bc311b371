import { createSteadyClock } from './steady-clock.ts'

/** The browser, as far as the client needs it. Tests hand in their own. */
export interface World {
  fetch(url: string, init: RequestInit): Promise<Response>
  openSocket(url: string): WebSocket
  /** Calls back once after `delayMs`; the answer calls it off. */
  later(delayMs: number, act: () => void): () => void
  /** Milliseconds since some moment, those the computer slept included. */
  elapsed(): number
  /** Calls back when the page is looked at again or the network is back; the answer ends it. */
  onWake(act: () => void): () => void
  /** A random number from 0 up to 1, for spreading reconnections. */
  random(): number
  randomHex(bytes: number): string
}

export const browserWorld: World = {
  fetch: (url, init) => fetch(url, init),
  openSocket: url => new WebSocket(url),
  later(delayMs, act) {
    const timer = setTimeout(act, delayMs)
    return () => clearTimeout(timer)
  },
  elapsed: createSteadyClock(),
  onWake(act) {
    const seen = () => {
      if (document.visibilityState === 'visible') act()
    }
    document.addEventListener('visibilitychange', seen)
    addEventListener('online', act)
    return () => {
      document.removeEventListener('visibilitychange', seen)
      removeEventListener('online', act)
    }
  },
  random: () => Math.random(),
  randomHex: bytes => toHex(crypto.getRandomValues(new Uint8Array(bytes))),
}

export const toHex = (bytes: Uint8Array): string =>
  [...bytes].map(byte => byte.toString(16).padStart(2, '0')).join('')
