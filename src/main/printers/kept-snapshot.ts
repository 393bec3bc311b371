import type { Capabilities, Snapshot } from '../contract/printer.ts'
import type { Clock } from '../lib/clock.ts'
import type { Logger } from '../lib/log.ts'
import { factsOf, isSame, type KeptFacts } from './facts-store.ts'
import { blankSnapshot, nextSnapshot, type StateInput } from './state.ts'

/** What is known of a printer, of which the facts are on the disk. */
export interface KeptSnapshot {
  now(): Snapshot
  /** Something happened. */
  put(input: StateInput): void
  /** A person says something, which counts when it is on the disk; throws where it cannot be written. */
  say(input: StateInput): void
}

export interface KeptSnapshotDeps {
  readonly can: Capabilities
  readonly clock: Clock
  readonly log: Logger
  /** What an earlier life of Gantry kept of it. */
  readonly facts?: KeptFacts | undefined
  /** Throws where it cannot be written. */
  readonly keepFacts: (facts: KeptFacts) => void
  readonly onChange: (before: Snapshot, now: Snapshot) => void
}

export function createKeptSnapshot(deps: KeptSnapshotDeps): KeptSnapshot {
  const { clock, log } = deps
  let snapshot = blankSnapshot(deps.can, clock.now(), deps.facts, deps.facts?.job)
  let kept = deps.facts ?? factsOf(snapshot)

  const keep = (next: Snapshot) => {
    const facts = factsOf(next)
    if (isSame(facts, kept)) return
    deps.keepFacts(facts)
    kept = facts
  }
  const become = (next: Snapshot) => {
    const before = snapshot
    snapshot = next
    deps.onChange(before, next)
  }
  return {
    now: () => snapshot,
    put(input) {
      const next = nextSnapshot(snapshot, input, clock.now())
      try {
        keep(next)
      } catch (error) {
        // What the machine did has happened, written down or not; the next change tries again.
        log.error('what is known of the bed could not be written down', { error })
      }
      become(next)
    },
    say(input) {
      const next = nextSnapshot(snapshot, input, clock.now())
      keep(next)
      become(next)
    },
  }
}
