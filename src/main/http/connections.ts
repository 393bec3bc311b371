import type { Socket } from 'node:net'
import { limits } from './limits.ts'

/** One ceiling for each address, so that nobody alone takes every connection there is. */
export function createConnections() {
  const open = new Map<string, number>()

  return {
    /** False where the address has its share already: the connection is to be dropped. */
    admit(socket: Socket): boolean {
      const address = socket.remoteAddress
      if (address === undefined) return false
      const count = open.get(address) ?? 0
      if (count >= ceilingOf(address)) return false
      open.set(address, count + 1)
      socket.once('close', () => {
        const left = (open.get(address) ?? 1) - 1
        if (left > 0) open.set(address, left)
        else open.delete(address)
      })
      return true
    },
  }
}

const ceilingOf = (address: string) =>
  /^(?:127\.|::1$|::ffff:127\.)/.test(address) ? limits.connectionsOfThisMachine : limits.connectionsPerDevice
