import type { SimServer } from '../../../src/main/printers/sim/sim-server.ts'
import type { Peer } from './driver-kit.ts'

/** A simulated host as the kit wants it: `credentials` let in, the same names with another value do not. */
export function peerOf(host: SimServer, credentials: Readonly<Record<string, string>>): Peer {
  const { url, cut, restore, rubbish, late, stop } = host
  const wrong = Object.fromEntries(Object.keys(credentials).map(name => [name, 'wrong']))
  const [secret = ''] = Object.values(credentials)
  return {
    config: { url, ...credentials },
    wrongConfig: { url, ...wrong },
    secret,
    cut,
    restore,
    rubbish: () => rubbish(),
    late,
    stop,
  }
}
