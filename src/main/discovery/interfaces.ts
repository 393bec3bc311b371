import { networkInterfaces } from 'node:os'

/** One way of this computer into a network. */
export interface Interface {
  readonly name: string
  readonly address: string
  readonly netmask: string
}

/** More is a machine full of virtual networks, in which no printer stands. */
const mostInterfaces = 16

/** Every IPv4 interface that leads somewhere; the loopback only when there is nothing else. */
export function listInterfaces(): readonly Interface[] {
  const all = Object.entries(networkInterfaces()).flatMap(([name, addresses = []]) =>
    addresses.flatMap(({ family, internal, address, netmask }) =>
      family === 'IPv4' ? [{ name, internal, address, netmask }] : [],
    ),
  )
  const outward = all.filter(({ internal }) => !internal)
  return (outward.length > 0 ? outward : all)
    .slice(0, mostInterfaces)
    .map(({ name, address, netmask }) => ({ name, address, netmask }))
}

/** Where a datagram reaches everyone in the network of an interface, without leaving by another one. */
export function broadcastOf({ address, netmask }: Interface): string {
  const mask = netmask.split('.').map(Number)
  return address
    .split('.')
    .map((part, at) => Number(part) | (~(mask[at] ?? 255) & 255))
    .join('.')
}
