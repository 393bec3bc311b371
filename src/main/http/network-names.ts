import { hostname, networkInterfaces } from 'node:os'

/** How other devices can call this machine. Asked anew each time: laptops move. */
export interface NetworkNames {
  /** Addresses a person can type, IPv6 without brackets. */
  addresses(): readonly string[]
  /** This machine's own names. */
  names(): readonly string[]
}

export const systemNetworkNames: NetworkNames = {
  addresses: () =>
    Object.values(networkInterfaces())
      .flatMap(list => list ?? [])
      // Link-local ones carry a zone that no browser takes.
      .filter(({ internal, address }) => !internal && !/^(fe80:|169\.254\.)/i.test(address))
      .map(({ address }) => address),
  names() {
    const name = hostname().toLowerCase()
    return /^[a-z0-9.-]+$/.test(name) ? [name, ...(name.includes('.') ? [] : [`${name}.local`])] : []
  },
}

/** As they stand in an address: IPv6 in brackets. */
export const inUrl = (address: string): string => (address.includes(':') ? `[${address}]` : address)
