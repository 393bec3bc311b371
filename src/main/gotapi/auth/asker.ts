import type { Via } from '../../handlers/caller.ts'

/** Who calls, as far as it can be known: what it says it is, the way it came by and, on the network, the device. */
export interface Asker {
  readonly origin: string
  readonly via: Via
  readonly address?: string | undefined
}

/**
 * What somebody's calls are counted under. A program on the network can send any Origin header with each call, so
 * there the device is counted.
 */
export const rateNameOf = ({ origin, via, address }: Asker): string =>
  via === 'lan' ? `lan ${address ?? origin}` : origin

/** Whose address is not known may be at any. */
export function isSameAsker(a: Asker, b: Asker): boolean {
  const isSamePlace = a.address === b.address || a.address === undefined || b.address === undefined
  return a.origin === b.origin && a.via === b.via && isSamePlace
}
