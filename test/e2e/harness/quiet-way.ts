import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** `up`: from the page to Gantry. */
type Direction = 'up' | 'down'

/**
 * A way to Gantry that can fall silent: what is sent is held back and nobody is told, as by Wi-Fi out of reach. Held, not
 * lost: TCP sends again what did not arrive, so that it comes late or never.
 */
export interface QuietWay {
  /** What leads a browser's requests for Gantry's address this way. */
  readonly chromiumSwitch: string
  hush(...directions: readonly Direction[]): void
  /** It carries again, also what it held back. */
  carry(): void
  /** It carries again, but not what was open before: as where a router has forgotten of it. */
  forget(): void
  close(): void
}

interface Pair {
  readonly page: Socket
  readonly gantry: Socket
  isForgotten: boolean
}

export async function openQuietWay(gantryUrl: string): Promise<QuietWay> {
  const { hostname, port, host } = new URL(gantryUrl)
  const pairs = new Set<Pair>()
  let hushed: readonly Direction[] = []

  const steer = (from: Socket, direction: Direction, isForgotten: boolean) => {
    if (isForgotten || hushed.includes(direction)) from.pause()
    else from.resume()
  }
  const steerAll = () => {
    for (const { page, gantry, isForgotten } of pairs) {
      steer(page, 'up', isForgotten)
      steer(gantry, 'down', isForgotten)
    }
  }
  const server = createServer({ allowHalfOpen: true, pauseOnConnect: true }, page => {
    const gantry = connect({ host: hostname, port: Number(port), allowHalfOpen: true })
    const pair: Pair = { page, gantry, isForgotten: false }
    pairs.add(pair)
    const hand = (from: Socket, to: Socket) => {
      from.on('data', chunk => to.write(chunk))
      from.on('end', () => to.end())
      from.on('error', () => to.destroy())
      from.on('close', () => pairs.delete(pair))
    }
    hand(page, gantry)
    hand(gantry, page)
    steer(page, 'up', false)
    steer(gantry, 'down', false)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')

  const carry = () => {
    hushed = []
    steerAll()
  }
  return {
    chromiumSwitch: `--host-resolver-rules=MAP ${host} 127.0.0.1:${(server.address() as AddressInfo).port}`,
    hush(...directions) {
      hushed = directions
      steerAll()
    },
    carry,
    forget() {
      for (const pair of pairs) pair.isForgotten = true
      carry()
    },
    close() {
      server.close()
      for (const { page, gantry } of pairs) {
        page.destroy()
        gantry.destroy()
      }
    },
  }
}
