import { type Refusal, refuse } from '../../handlers/outcome.ts'
import type { Clock } from '../../lib/clock.ts'
import { createRate } from '../../lib/rate.ts'
import { type Asker, rateNameOf } from '../auth/asker.ts'
import { windowOrigin } from '../protocol/origin.ts'
import type { GotapiPolicy } from '../protocol/policy.ts'
import { limits } from './limits.ts'

/** Counted over so long, so that a page that loads may come in a rush. */
const RATE_WINDOW_S = 5
const tooMany = refuse('auth.too-often', 'These are too many requests at once. Wait a few seconds.')

export type RequestRate = ReturnType<typeof createRequestRate>

/** gotapi 10.4: how often one application or device may ask, calls and bytes together. Gantry's own window is not counted. */
export function createRequestRate(clock: Clock, policy: () => GotapiPolicy) {
  const requests = createRate(clock, {
    limit: () => policy().requestsPerSecond * RATE_WINDOW_S,
    windowMs: RATE_WINDOW_S * 1_000,
    namesKept: limits.originsCounted,
  })
  return {
    take: (asker: Asker): Refusal | undefined =>
      asker.origin === windowOrigin || requests.take(rateNameOf(asker)) ? undefined : tooMany,
  }
}
