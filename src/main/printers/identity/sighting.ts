import type { Why, WhyCode } from '../../contract/found.ts'

/** Something was seen that may be a printer. Every sighting is offered to every driver. */
export type Sighting = NetworkSighting | UsbSighting | AddressSighting

/** It announced itself in the network. */
export interface NetworkSighting {
  readonly via: 'mdns' | 'datagram'
  /** `octoprint`, `http`, `moonraker`: without underscore and protocol; of a datagram the kind it speaks. */
  readonly type: string
  /** The instance name; text from outside. */
  readonly name: string
  readonly host: string
  readonly addresses: readonly string[]
  readonly port: number
  /** Keys in lower case. */
  readonly txt: Readonly<Record<string, string>>
}

export interface UsbSighting {
  readonly via: 'usb'
  readonly path: string
  /** Lower-case hex, four digits. */
  readonly vendorId?: string
  readonly productId?: string
  readonly serialNumber?: string
  readonly manufacturer?: string
  readonly locationId?: string
}

/** A person typed it: a URL, a host, a host with port. */
export interface AddressSighting {
  readonly via: 'address'
  readonly address: string
}

/** How much a driver thinks that a sighting is one of its printers. */
export interface Likeness {
  /** 0..1. Above 0.9: surely. Below 0.5: offered only when asked for. Below 0: surely none, whoever else says yes. */
  readonly sure: number
  readonly why: Why
  readonly name?: string
  readonly make?: string
  /**
   * What stays the same when the address changes: `octoprint:<uuid>`, `usb:<serial>`, `usb-path:<location>`.
   * Absent when nothing seen so far is that.
   */
  readonly identity?: string
  /** What is already known of the config; the form asks for the rest. */
  readonly config: Readonly<Record<string, string | number>>
  /** `ask`: opening it may do something (reset a board), the person must say so first. */
  readonly needs: 'nothing' | 'credentials' | 'ask'
}

export function because(code: WhyCode, params: Why['params'] = {}): Why {
  return { code, params }
}
