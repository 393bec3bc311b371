import { createSocket, type Socket } from 'node:dgram'
import type { Logger } from '../lib/log.ts'
import type { Interface } from './interfaces.ts'

export interface GroupSocketOptions {
  /** 0: any free one; then nothing is heard but answers. */
  readonly port: number
  readonly group: string | undefined
  readonly ttl: number
}

/** One socket per IPv4 interface: on a host with several, one socket for all misses answers. */
export interface GroupSockets {
  /** Opens what is missing and closes what is gone: cables and Wi-Fi come and go. */
  refresh(): void
  stop(): void
}

export function createGroupSockets(parts: {
  readonly options: GroupSocketOptions
  readonly interfaces: () => readonly Interface[]
  readonly log: Logger
  /** The socket is bound and in its group; the closer undoes what was built on it, the socket included. */
  readonly onOpen: (socket: Socket, place: Interface) => () => void
}): GroupSockets {
  const { options, log } = parts
  const open = new Map<string, () => void>()
  let complained = false

  const complain = (place: Interface, error: unknown) => {
    if (!complained)
      log.warn('printers cannot be listened for', { interface: place.name, port: options.port, error })
    complained = true
  }
  const start = (place: Interface) => {
    const socket = createSocket({ type: 'udp4', reuseAddr: true })
    let close = () => {
      socket.close()
    }
    let over = false
    open.set(place.address, () => {
      if (!over) close()
      over = true
      open.delete(place.address)
    })
    socket.on('error', error => {
      complain(place, error)
      open.get(place.address)?.()
    })
    socket.bind({ port: options.port, ...(options.port === 0 && { address: place.address }) }, () => {
      if (over) return
      try {
        socket.setMulticastInterface(place.address)
        socket.setMulticastTTL(options.ttl)
        socket.setMulticastLoopback(true)
        socket.setBroadcast(true)
        if (options.group !== undefined) socket.addMembership(options.group, place.address)
        close = parts.onOpen(socket, place)
      } catch (error) {
        complain(place, error)
        open.get(place.address)?.()
      }
    })
  }
  return {
    refresh() {
      const now = parts.interfaces()
      for (const [address, close] of [...open]) {
        if (!now.some(place => place.address === address)) close()
      }
      for (const place of now) if (!open.has(place.address)) start(place)
    },
    stop() {
      for (const close of [...open.values()]) close()
    },
  }
}
