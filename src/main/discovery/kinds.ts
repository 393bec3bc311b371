import type { Foreign } from '../contract/found.ts'
import type { NetworkSighting } from '../printers/index.ts'

/**
 * Every kind of announcement Gantry listens to, one row each (printer-protocols 2.1 and 2.2). To hear one more is one
 * more row. Rows with `foreign` belong to makes no driver of ours speaks: they are named, with what works instead.
 */
export interface Kind {
  /** As a sighting carries it: the service's type, or the name of the datagram's dialect. */
  readonly type: string
  /** How it is asked for over mDNS; datagrams have a table of their own (`datagram-kinds.ts`). */
  readonly mdns?: MdnsQuestion
  readonly foreign?: ForeignKind
}

export interface MdnsQuestion {
  readonly protocol: 'tcp' | 'udp'
  /** RFC 6763 7.1: asked for beside the type itself. */
  readonly subtype?: string
  /** The type's name holds a serial number: found by asking which types there are at all. */
  readonly wildcard?: RegExp
}

interface ForeignKind {
  readonly make: string
  readonly ways: Foreign['ways']
  /** Of types that others use too: only where the TXT record says so. */
  readonly when?: { readonly key: string; readonly like: RegExp }
  /** Keys of the TXT record in the order they are tried. */
  readonly name?: readonly string[]
  readonly model?: readonly string[]
  readonly id?: readonly string[]
  /** Codes of models as people know them; a code ends where it stops fitting. */
  readonly models?: Readonly<Record<string, string>>
}

/** printer-protocols 8.2 */
const bambuModels: Readonly<Record<string, string>> = {
  'BL-P001': 'Bambu Lab X1 Carbon',
  'BL-P002': 'Bambu Lab X1',
  C13: 'Bambu Lab X1E',
  C11: 'Bambu Lab P1P',
  C12: 'Bambu Lab P1S',
  N1: 'Bambu Lab A1 mini',
  N2S: 'Bambu Lab A1',
  N7: 'Bambu Lab P2S',
  O1D: 'Bambu Lab H2D',
  O1S: 'Bambu Lab H2S',
}

const duet: ForeignKind = { make: 'Duet', ways: ['usb', 'web-page'] }

export const kinds: readonly Kind[] = [
  { type: 'octoprint', mdns: { protocol: 'tcp' } },
  { type: 'prusalink', mdns: { protocol: 'tcp' } },
  { type: 'moonraker', mdns: { protocol: 'tcp' } },
  {
    type: 'http',
    mdns: { protocol: 'tcp' },
    foreign: { ...duet, when: { key: 'product', like: /^(?:RepRapFirmware|Duet)/i } },
  },
  { type: 'duet_discovery', mdns: { protocol: 'tcp' }, foreign: duet },
  {
    type: 'ultimaker',
    mdns: { protocol: 'tcp' },
    foreign: {
      make: 'UltiMaker',
      ways: ['slicer', 'stick'],
      name: ['name'],
      model: ['machine'],
      models: {
        9066: 'Ultimaker 3',
        9511: 'Ultimaker 3 Extended',
        9051: 'Ultimaker S5',
        213482: 'Ultimaker S3',
      },
    },
  },
  {
    type: 'ipp-3d',
    mdns: { protocol: 'tcp', subtype: 'print' },
    foreign: { make: 'IPP 3D', ways: ['slicer', 'web-page'], name: ['note'], model: ['ty'], id: ['uuid'] },
  },
  {
    type: 'creality',
    mdns: { protocol: 'udp', wildcard: /^creality-(.+)$/i },
    foreign: { make: 'Creality', ways: ['moonraker', 'slicer', 'stick'], id: ['serial'] },
  },
  {
    type: 'bambu',
    foreign: {
      make: 'Bambu Lab',
      ways: ['slicer', 'stick'],
      name: ['name'],
      model: ['model'],
      id: ['serial'],
      models: bambuModels,
    },
  },
  { type: 'sdcp', foreign: { make: 'Elegoo', ways: ['slicer', 'stick'], model: ['model'], id: ['serial'] } },
  {
    type: 'centauri-2',
    foreign: { make: 'Elegoo', ways: ['slicer', 'stick'], model: ['model'], id: ['serial'] },
  },
]

const mostModelText = 80

/** The kind's own name for what was seen, when it is a make no driver speaks. */
export function foreignOf(
  sighting: NetworkSighting,
):
  | { readonly foreign: Foreign; readonly name: string | undefined; readonly identity: string | undefined }
  | undefined {
  const kind = kinds.find(({ type }) => type === sighting.type)?.foreign
  if (kind === undefined) return undefined
  const { txt } = sighting
  if (kind.when && !kind.when.like.test(txt[kind.when.key] ?? '')) return undefined
  const first = (keys: readonly string[] = []) =>
    keys.map(key => txt[key]?.trim()).find(value => value !== undefined && value !== '')
  const code = first(kind.model)?.slice(0, mostModelText)
  const known = Object.entries(kind.models ?? {}).find(([start]) => code?.split('.')[0] === start)?.[1]
  const model = known ?? (kind.models ? undefined : code)
  const id = first(kind.id)
  return {
    foreign: { make: kind.make, ways: kind.ways, ...(model !== undefined && { model }) },
    name: first(kind.name),
    identity: id && `${sighting.type}:${id.toLowerCase()}`,
  }
}
