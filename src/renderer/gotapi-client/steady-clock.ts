/** More than a wall clock is ever nudged by: the computer slept, or somebody set the clock. */
const jumpMs = 1_000

/**
 * Milliseconds that never run backwards and that go on while the computer sleeps. Some systems halt
 * `performance.now()` then: a page that woke would take yesterday's word for a second old. A wall clock that jumped
 * ahead tells of it. (One that was only set makes things older than they are, until the next word comes.)
 */
export function createSteadyClock(
  runningMs = () => performance.now(),
  wallMs = () => Date.now(),
): () => number {
  let sleptMs = 0
  let aheadMs = wallMs() - runningMs()
  return () => {
    const nextMs = wallMs() - runningMs()
    if (nextMs - aheadMs > jumpMs) sleptMs += nextMs - aheadMs
    aheadMs = nextMs
    return runningMs() + sleptMs
  }
}
