import type { Clock } from '../../../lib/clock.ts'
import { createBin } from '../../../lib/dispose.ts'
import type { MarlinTraits } from './traits.ts'

const KEEPALIVE_MS = 2_000

/** A command that takes its time: what the firmware says meanwhile, and what lets it go on. */
export interface SimWaiting {
  /** `begin` is given what ends the wait. */
  block(why: 'work' | 'heat' | 'user', done: () => void, begin: (go: () => void) => void): void
  blockFor(delayMs: number, done: () => void): void
  /** M108, or an answer: the wait is over. */
  release(): void
  reset(): void
}

export function createSimWaiting(
  clock: Clock,
  traits: MarlinTraits,
  say: (...lines: readonly string[]) => void,
): SimWaiting {
  const life = createBin()
  let release: (() => void) | undefined

  const says = (why: 'work' | 'heat' | 'user') =>
    traits.keepalive === 'always' || (traits.keepalive === 'not-heating' && why !== 'heat')
  const block: SimWaiting['block'] = (why, done, begin) => {
    const waits = createBin()
    const go = () => {
      waits.empty()
      release = undefined
      done()
    }
    release = go
    const word = why === 'user' ? 'paused for user' : 'processing'
    if (says(why)) waits.add(clock.every(KEEPALIVE_MS, 'sim keepalive', () => say(`echo:busy: ${word}`)))
    begin(go)
    life.add(() => waits.empty())
  }
  return {
    block,
    blockFor(delayMs, done) {
      if (delayMs <= 0) done()
      else block('work', done, go => life.add(clock.after(delayMs, 'sim command', go)))
    },
    release: () => release?.(),
    reset() {
      life.empty()
      release = undefined
    },
  }
}
