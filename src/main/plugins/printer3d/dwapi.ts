import type { PendingPrint } from '../../contents/index.ts'
import type { GantryError } from '../../contract/error.ts'
import type { Fault, Heater, Snapshot } from '../../contract/printer.ts'
import type { RouteResult } from '../../contract/routes.ts'
import { stampText } from '../../printers/index.ts'

/** gotapi 11.2: a printer's state in the words of DWAPI-3DP. Pure translation. */
type Device = RouteResult<'GET 3dprinter/printer'>['printer']['device']
type Attributes = RouteResult<'GET 3dprinter/printer'>['printer']['attributes']
type Status = RouteResult<'GET 3dprinter/status'>['status']
type QueueEntry = RouteResult<'GET 3dprinter/queue'>['queue'][number]

export interface TimeStamps {
  readonly timeStamp: number
  readonly timeStampString: string
  readonly timeStampByPlugin: boolean
}

/** HD-HLF-09 to -17: the name is never empty, four strings are always there, the rest only when known. */
export function deviceOf(name: string, { device }: Snapshot): Device {
  const { softwareRevision, hardwareRevision, partNumber, protocolRevision } = device
  return {
    productName: device.productName || name || '3D printer',
    manufacturerName: device.manufacturerName ?? '',
    modelNumber: device.modelNumber ?? '',
    firmwareRevision: device.firmwareRevision ?? '',
    serialNumber: device.serialNumber ?? '',
    ...(softwareRevision !== undefined && { softwareRevision }),
    ...(hardwareRevision !== undefined && { hardwareRevision }),
    ...(partNumber !== undefined && { partNumber }),
    ...(protocolRevision !== undefined && { protocolRevision }),
    systemId: hexOf(device.systemId ?? device.serialNumber),
  }
}

/** `systemId` is hexadecimal: what is not is written as the hexadecimal of its letters. */
function hexOf(id: string | undefined): string {
  if (id === undefined || id === '') return '0x0'
  const plain = id.replaceAll('-', '')
  return `0x${/^[0-9a-f]+$/i.test(plain) ? plain.toLowerCase() : Buffer.from(id).toString('hex')}`
}

export function attributesOf({ attributes }: Snapshot): Attributes {
  return { ...attributes, printType: attributes.printType ?? 'Unknown' }
}

const reasons: Readonly<Partial<Record<Fault['class'], string>>> = {
  'filament-runout': 'filament',
  clog: 'filament',
  'thermal-runaway': 'temperature',
  'heating-failed': 'temperature',
  'sensor-fault': 'temperature',
  'link-lost': 'connection',
  network: 'connection',
  resend: 'connection',
  'printer-reset': 'connection',
  media: 'storage',
  motion: 'mechanical',
  'probe-failed': 'mechanical',
  fan: 'mechanical',
  'door-open': 'mechanical',
}

const words: Readonly<Record<Snapshot['machine']['state'], string>> = {
  unknown: 'unknown',
  offline: 'offline',
  idle: 'idle',
  busy: 'preparing',
  preparing: 'preparing',
  printing: 'printing',
  pausing: 'paused',
  paused: 'paused',
  resuming: 'printing',
  cancelling: 'stopping',
  finished: 'completed',
  cancelled: 'idle',
  attention: 'paused',
  error: 'error:other',
}

export function operatingStatusOf({ link, machine, job, faults }: Snapshot): string {
  if (link.state !== 'online') return link.state === 'offline' ? 'offline' : 'unknown'
  const fault = faults.at(-1)
  const waits = ['paused', 'pausing', 'attention'].includes(machine.state)
  if (fault && (machine.state === 'error' || (waits && fault.class !== 'user-stop'))) {
    return `error:${reasons[fault.class] ?? 'other'}`
  }
  if (machine.state === 'idle' && job.state === 'done') return 'completed'
  return words[machine.state]
}

/** oneM2M: 0 to 1000; what lies outside is no nozzle's temperature and is left out. */
function nozzlesOf({ heaters }: Snapshot): { index: number; nozzleTemp: number; heater: Heater }[] {
  return heaters.flatMap(heater => {
    const { kind, index, actualC } = heater
    if (kind !== 'nozzle' || actualC === undefined || actualC < 0 || actualC > 1000) return []
    return [{ index, nozzleTemp: actualC, heater }]
  })
}

export function statusOf(snapshot: Snapshot): Status {
  const nozzles = nozzlesOf(snapshot)
  const [first] = nozzles
  return {
    operatingStatus: operatingStatusOf(snapshot),
    ...(first && { nozzleTemp: first.nozzleTemp }),
    ...(nozzles.length > 1 && { nozzles: nozzles.map(({ index, nozzleTemp }) => ({ index, nozzleTemp })) }),
  }
}

/** The stamp of the measurement in the payload; without one, of when the printer was last heard. */
export function timeStampsOf(
  snapshot: Snapshot,
  zoneOffsetMin: (at: number) => number | undefined,
): TimeStamps | undefined {
  const heater = nozzlesOf(snapshot)[0]?.heater
  const at = heater?.at ?? snapshot.heardAt
  if (at === undefined) return undefined
  return {
    timeStamp: at,
    timeStampString: stampText(at, zoneOffsetMin(at)),
    timeStampByPlugin: heater?.byPlugin ?? true,
  }
}

const printerScheme = 'printer:'

export function uriOf(path: string): string {
  return `${printerScheme}/${path.replace(/^\//, '').split('/').map(encodeURIComponent).join('/')}`
}

interface Listed {
  readonly path: string
  readonly name: string
}

/**
 * The path a `printer:` URI, a bare path or the name of one file alone stands for; undefined when it is another kind of
 * URI. What the printer does not list is handed on as it is, and refused there.
 */
export function printerPathOf(uri: string, files: readonly Listed[]): string | undefined {
  if (files.some(({ path }) => path === uri)) return uri
  if (/^[a-z][a-z0-9+.-]*:/i.test(uri) && !uri.startsWith(printerScheme)) return undefined
  const plain = uri.startsWith(printerScheme) ? uri.slice(printerScheme.length) : uri
  try {
    const path = decodeURIComponent(plain.replace(/^\/+/, ''))
    const listed = files.find(each => each.path.replace(/^\//, '') === path)
    const named = files.filter(({ name }) => name === path)
    return listed?.path ?? (named.length === 1 ? named[0]?.path : undefined) ?? path
  } catch {
    return undefined
  }
}

/** 3D-HSF-06.1: order 0 is what is being printed, then what the printer says that waits. */
export function queueOf({ job, queue, link }: Snapshot): QueueEntry[] {
  const on = link.state === 'online' && (job.state === 'running' || job.state === 'paused')
  const waiting = queue
    .filter(({ order }) => order > 0)
    .map(({ path, message, status }, index) => ({ order: index + 1, uri: uriOf(path), msg: message, status }))
  if (!on) return waiting
  const percent = job.progress === undefined ? '' : ` ${Math.floor(job.progress * 100)} %`
  const running: QueueEntry = {
    order: 0,
    uri: uriOf(job.path ?? job.name ?? ''),
    msg: job.state === 'paused' ? `Paused${percent && ` at${percent}`}` : `Printing${percent}`,
    status: job.state === 'paused' ? 'Paused' : 'Printing',
  }
  return [running, ...waiting]
}

/** Files that are still on their way stand behind what the printer knows of. */
export function pendingOf(
  pending: readonly PendingPrint[],
  told: readonly QueueEntry[],
  sentenceOf: (failure: GantryError) => string,
): QueueEntry[] {
  const last = Math.max(0, ...told.map(({ order }) => order))
  return pending.map(({ uri, state, receivedBytes, sizeBytes, failure }, index) => {
    const percent = sizeBytes === 0 ? 100 : Math.floor((receivedBytes / sizeBytes) * 100)
    const msg = {
      fetching: `Downloading ${percent} %`,
      sending: 'Going to the printer',
      failed: failure ? sentenceOf(failure) : '',
    }
    return { order: last + index + 1, uri, msg: msg[state], status: state === 'failed' ? 'Error' : 'Pending' }
  })
}
