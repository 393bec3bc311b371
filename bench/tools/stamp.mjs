/**
 * A temperature that tells when it was measured: hundredths of a degree above 200 °C are milliseconds, over and over
 * every ten seconds. The printer and whoever measures are on one machine and so have one clock.
 */
const coldestC = 200
const turnMs = 10_000

export const stampC = () => coldestC + (Date.now() % turnMs) / 100

/** @param {number} celsius */
export function ageMs(celsius) {
  const measuredAt = Math.round((celsius - coldestC) * 100)
  return (((Date.now() % turnMs) - measuredAt + turnMs) % turnMs) + 0
}
