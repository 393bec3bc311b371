import type { Clock } from '../lib/clock.ts'
import type { DriverContext, PrinterDriver } from '../printers/index.ts'
import type { Candidate } from './matching.ts'

const probeLimitMs = 8_000

/** All drivers ask at once; when none got an answer, the reason of the first is the reason. */
export async function probeAll(
  parts: {
    readonly drivers: readonly PrinterDriver[]
    readonly clock: Clock
    readonly context: (signal: AbortSignal) => DriverContext
  },
  address: string,
): Promise<Candidate[]> {
  const { drivers, clock, context } = parts
  const limit = new AbortController()
  const stopTimer = clock.after(probeLimitMs, 'discovery.probe', () => limit.abort())
  try {
    const asked = await Promise.allSettled(
      drivers.flatMap(driver =>
        driver.probe
          ? [driver.probe(address, context(limit.signal)).then(likeness => ({ driver, likeness }))]
          : [],
      ),
    )
    const answers = asked.flatMap(result => (result.status === 'fulfilled' ? [result.value] : []))
    const failure = asked.find(result => result.status === 'rejected')
    if (answers.length === 0 && failure) throw failure.reason
    return answers
      .flatMap(({ driver, likeness }) =>
        likeness === undefined ? [] : [{ ...likeness, driver: driver.id, driverName: driver.name }],
      )
      .sort((a, b) => b.sure - a.sure)
  } finally {
    stopTimer()
  }
}
