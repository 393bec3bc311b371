import { isIPv4 } from 'node:net'
import type { Finding } from '../contract/doctor.ts'
import { toGantryError } from '../contract/error.ts'
import type { LinkReason } from '../contract/link-reason.ts'
import type { Clock } from '../lib/clock.ts'
import { ownOf } from '../lib/own.ts'
import { redactText } from '../lib/redact.ts'
import { linkReasonOf, type Printers, type PrinterView, type SerialPorts } from '../printers/index.ts'
import type { Announcements } from './announcements.ts'
import { inWords } from './doctor-words.ts'
import type { Interface } from './interfaces.ts'
import type { Told } from './matching.ts'

export interface DoctorReport {
  readonly findings: Finding[]
  /** The whole in English, to copy. Holds addresses, never a key. */
  readonly text: string
}

/** "Why can't I see it?" */
export interface Doctor {
  report(question: {
    readonly printerId?: string | undefined
    readonly address?: string | undefined
  }): Promise<DoctorReport>
}

export interface DoctorSystem {
  readonly platform: NodeJS.Platform
  /** Without the loopback. */
  interfaces(): readonly Interface[]
  serialGroup(): Promise<{ readonly name: string; readonly member: boolean } | undefined>
  hasUdevadm(): Promise<boolean>
  holderOf(path: string): Promise<string | undefined>
  /** undefined when it connects, else the reason's code. */
  connects(host: string, port: number): Promise<string | undefined>
}

export interface DoctorDeps {
  readonly system: DoctorSystem
  readonly clock: Clock
  readonly printers: Pick<Printers, 'get'>
  readonly serial: Pick<SerialPorts, 'list'>
  readonly announcements: Pick<Announcements, 'heard' | 'ask' | 'isOff'>
  readonly found: () => readonly Told[]
  readonly probe: (address: string) => Promise<Told>
}

/** How long the network may take to answer when nothing was heard so far. */
const hearMs = 1_500
const mostText = 200

type Unsaid = Omit<Finding, 'text' | 'todo'>
type Rest = Partial<Pick<Unsaid, 'params' | 'reason' | 'why'>>

const found = (level: Finding['level'], code: Finding['code'], rest: Rest = {}): Finding =>
  inWords({ code, level, params: {}, ...rest })

export function createDoctor(deps: DoctorDeps): Doctor {
  const { clock, system, printers } = deps
  return {
    async report({ printerId, address }) {
      const printer = printerId === undefined ? undefined : printers.get(printerId)
      const where = address ?? webPlaceOf(printer)
      const findings = [
        ...(await network(deps)),
        ...(where === undefined || where === '' ? [] : await reach(deps, where)),
        ...(printer ? [line(printer)] : []),
        ...(printer || where ? [] : foreignDevices(deps)),
        ...(await usb(deps)),
      ]
      const marks = { good: '[ok]', note: '[--]', bad: '[!!]' }
      const lines = findings.map(
        ({ level, code, text, todo }) => `${marks[level]} ${text}${todo ? ` → ${todo}` : ''} (${code})`,
      )
      const head = `Gantry, ${new Date(clock.now()).toISOString()}, ${system.platform}`
      return { findings, text: redactText([head, ...lines].join('\n')) }
    },
  }
}

/** A printer on a cable has no address to ask; one behind a serial bridge has none that answers HTTP. */
function webPlaceOf(printer: PrinterView | undefined): string | undefined {
  if (printer === undefined || /^(?:\/dev\/|COM\d|tcp:|simulated)/i.test(printer.address)) return undefined
  return printer.address
}

async function network({ system, announcements, clock, found: all }: DoctorDeps): Promise<Finding[]> {
  const interfaces = system.interfaces()
  if (interfaces.length === 0) return [found('bad', 'no-network')]
  const names = interfaces.map(({ name, address }) => `${name} ${address}`).join(', ')
  const here = found('good', 'network', { params: { interfaces: names } })
  if (announcements.isOff) return [here, found('note', 'not-listening')]
  // What this computer itself announces proves nothing of the network, but is not nothing either.
  const heard = () =>
    announcements.heard() || all().filter(({ via }) => via === 'mdns' || via === 'datagram').length
  if (heard() === 0) {
    announcements.ask()
    await new Promise<void>(resolve => clock.after(hearMs, 'discovery.doctor', resolve))
  }
  const count = heard()
  if (count === 0) return [here, found('note', 'no-multicast')]
  return [here, found('good', 'multicast', { params: { count: String(count) } })]
}

/** What is seen and cannot be driven: a person who looks for it is not left wondering. */
function foreignDevices({ found: all }: DoctorDeps): Finding[] {
  return all().flatMap(({ foreign, title, address }) =>
    foreign
      ? [found('note', 'foreign', { params: { title, make: foreign.model ?? foreign.make, address } })]
      : [],
  )
}

async function reach({ system, probe }: DoctorDeps, address: string): Promise<Finding[]> {
  const text = /^https?:\/\//i.test(address) ? address : `http://${address}`
  if (text.length > mostText || !URL.canParse(text)) return [found('bad', 'not-address')]
  const url = new URL(text)
  // A name or password in it would travel, and stand in the report.
  if (url.username !== '' || url.password !== '') return [found('bad', 'not-address')]
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const port = Number(url.port) || (url.protocol === 'https:' ? 443 : 80)
  const params = { host, port: String(port) }
  const elsewhere = isIPv4(host) && !isNear(host, system.interfaces())
  const away = elsewhere ? [found('note', 'other-network', { params })] : []
  const failure = await system.connects(host, port)
  if (failure !== undefined) {
    return [
      found('bad', 'port-closed', { params, reason: ownOf(reasons, failure) ?? 'unreachable' }),
      ...away,
    ]
  }
  const open = found('good', 'port-open', { params })
  try {
    const [best] = (await probe(`${url.origin}${url.pathname}`)).candidates
    if (best === undefined) return [open, found('bad', 'http-nothing')]
    return [open, found('good', 'http', { params: { make: best.driverName }, why: best.why })]
  } catch (thrown) {
    return [open, found('bad', 'http-failed', { reason: linkReasonOf(toGantryError(thrown)) })]
  }
}

const reasons: Readonly<Record<string, LinkReason>> = {
  ECONNREFUSED: 'refused',
  ENOTFOUND: 'no-name',
  EAI_AGAIN: 'no-name',
  ETIMEDOUT: 'unreachable',
}

const bits = (address: string) => address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0)

/** Whether one of our interfaces is in the same network, or it is this computer itself. */
function isNear(host: string, interfaces: readonly Interface[]): boolean {
  if (host.startsWith('127.')) return true
  return interfaces.some(({ address, netmask }) => {
    const size = 2 ** 32 - bits(netmask)
    return Math.floor(bits(host) / size) === Math.floor(bits(address) / size)
  })
}

function line({ snapshot: { link } }: PrinterView): Finding {
  if (link.state === 'online') return found('good', 'line-up')
  if (link.cause === undefined) return found('note', 'line-connecting')
  return found('bad', 'line-down', { reason: link.cause })
}

/** Programs that open every new serial port to see what it is. */
const grabbers = /modemmanager|brltty/i

async function usb({ system, serial, found: all }: DoctorDeps): Promise<Finding[]> {
  const ports = await serial.list().catch(() => undefined)
  const findings: Finding[] = []
  if (ports === undefined) findings.push(found('bad', 'ports-unknown'))
  else if (ports.length === 0) findings.push(found('note', 'no-ports'))
  else findings.push(found('good', 'ports', { params: { ports: ports.map(({ path }) => path).join(', ') } }))
  for (const { via, candidates } of all()) {
    const [best] = candidates
    if (via === 'usb' && best && best.sure < 0) findings.push(found('note', 'not-printer', { why: best.why }))
  }
  if (system.platform !== 'linux') return findings
  const group = await system.serialGroup()
  if (group) {
    const params = { group: group.name }
    findings.push(
      group.member ? found('good', 'may-open', { params }) : found('bad', 'may-not-open', { params }),
    )
  }
  for (const { path } of ports ?? []) {
    const holder = await system.holderOf(path)
    if (holder === undefined) continue
    const code = grabbers.test(holder) ? 'port-grabbed' : 'port-held'
    findings.push(found('bad', code, { params: { port: path, holder } }))
  }
  if (!(await system.hasUdevadm())) findings.push(found('note', 'no-udevadm'))
  return findings
}
