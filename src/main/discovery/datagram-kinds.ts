import { z } from 'zod'
import { plainName } from '../contract/plain-name.ts'
import type { NetworkSighting } from '../printers/index.ts'
import { parseSsdp, searchFor } from './ssdp.ts'

/**
 * The dialects of datagrams by which printers are found (printer-protocols 2.2), one row each: where and what is
 * asked, on which ports they speak unasked, how they are read. What a datagram says of addresses is not believed:
 * a printer is where its datagram came from.
 */
export interface DatagramKind {
  readonly ask: readonly {
    readonly port: number
    readonly to: 'group' | 'broadcast'
    readonly text: string
  }[]
  readonly hear: readonly number[]
  read(text: string, from: string): DatagramNews | undefined
}

export interface DatagramNews {
  readonly key: string
  /** Absent: it says farewell. */
  readonly sighting?: NetworkSighting
}

interface Said {
  readonly type: string
  readonly id: string
  readonly name?: string | undefined
  readonly port?: number
  readonly txt: Readonly<Record<string, string>>
}

function news(from: string, { type, id, name = '', port = 80, txt }: Said, gone = false): DatagramNews {
  const key = `datagram:${type}:${id.toLowerCase()}`
  const place = { host: from, addresses: [from], port }
  return gone ? { key } : { key, sighting: { via: 'datagram', type, name: plainName(name), txt, ...place } }
}

/** Hosts that answer as UPnP root devices, told by where they keep their description. */
const descriptions = [
  { type: 'octoprint', tail: '/plugin/discovery/discovery.xml', pathKey: 'path' },
  { type: 'moonraker', tail: '/server/zeroconf/ssdp', pathKey: 'route_prefix' },
] as const

const upnp: DatagramKind = {
  ask: [{ port: 1900, to: 'group', text: searchFor('upnp:rootdevice', 1900) }],
  hear: [1900],
  read(text, from) {
    const message = parseSsdp(text)
    const location = message?.headers.get('location') ?? ''
    const id = /^uuid:([0-9a-f-]{8,64})(?:::|$)/i.exec(message?.headers.get('usn') ?? '')?.[1]
    if (message === undefined || id === undefined || !URL.canParse(location)) return undefined
    const { pathname, port, protocol } = new URL(location)
    const kind = descriptions.find(({ tail }) => pathname.endsWith(tail))
    if (kind === undefined) return undefined
    const at = Number(port) || (protocol === 'https:' ? 443 : 80)
    const txt = { uuid: id, [kind.pathKey]: pathname.slice(0, -kind.tail.length) }
    const gone = message.headers.get('nts') === 'ssdp:byebye'
    return news(from, { type: kind.type, id, port: at, txt }, gone)
  },
}

const bambuType = 'urn:bambulab-com:device:3dprinter:1'

const bambu: DatagramKind = {
  ask: [2021, 1990].map(port => ({ port, to: 'group', text: searchFor(bambuType, port) })),
  hear: [2021, 1990],
  read(text, from) {
    const headers = parseSsdp(text)?.headers
    if (headers === undefined || (headers.get('nt') ?? headers.get('st')) !== bambuType) return undefined
    const serial = headers.get('usn')
    if (!serial || !/^[\w-]{4,40}$/.test(serial)) return undefined
    const name = headers.get('devname.bambu.com')
    const model = headers.get('devmodel.bambu.com') ?? ''
    return news(
      from,
      { type: 'bambu', id: serial, name, txt: { serial, model } },
      headers.get('nts') === 'ssdp:byebye',
    )
  },
}

const short = z.string().max(100).optional().catch(undefined)
const json = z.string().transform((text, ctx) => {
  try {
    return JSON.parse(text) as unknown
  } catch {
    ctx.addIssue('not JSON')
    return z.NEVER
  }
})
const sdcpAnswer = json.pipe(
  z.object({
    Data: z.object({
      MainboardID: z.string().min(1).max(100),
      Name: short,
      MachineName: short,
      BrandName: short,
    }),
  }),
)
const centauriAnswer = json.pipe(
  z.object({ result: z.object({ sn: z.string().min(1).max(100), host_name: short, machine_model: short }) }),
)

const sdcp: DatagramKind = {
  ask: [{ port: 3000, to: 'broadcast', text: 'M99999' }],
  hear: [],
  read(text, from) {
    const said = sdcpAnswer.safeParse(text).data?.Data
    if (said === undefined) return undefined
    const { MainboardID: id, Name: name, MachineName: model = '', BrandName: brand = '' } = said
    const whole = model.toLowerCase().startsWith(brand.toLowerCase()) ? model : `${brand} ${model}`.trim()
    return news(from, { type: 'sdcp', id, name, txt: { serial: id, model: whole } })
  },
}

const centauri: DatagramKind = {
  ask: [{ port: 52_700, to: 'broadcast', text: JSON.stringify({ id: 0, method: 7000 }) }],
  hear: [],
  read(text, from) {
    const said = centauriAnswer.safeParse(text).data?.result
    if (said === undefined) return undefined
    const { sn: id, host_name: name, machine_model: model = '' } = said
    return news(from, { type: 'centauri-2', id, name, txt: { serial: id, model } })
  },
}

export const datagramKinds: readonly DatagramKind[] = [upnp, bambu, sdcp, centauri]
