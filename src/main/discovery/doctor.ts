import { toGantryError } from '../contract/error.ts'
import type { Clock } from '../lib/clock.ts'
import type { Printers, SerialPorts } from '../printers/index.ts'
import type { Told } from './matching.ts'
import { whyInWords } from './words.ts'

export interface Finding {
  readonly id: string
  readonly level: 'good' | 'note' | 'bad'
  readonly text: string
  readonly todo?: string
}

export interface DoctorReport {
  readonly findings: Finding[]
  /** The whole, to copy. Holds addresses, never a key. */
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
  /** `eth0 192.168.1.5`, without the loopback. */
  interfaces(): readonly string[]
  serialGroup(): Promise<{ readonly name: string; readonly member: boolean } | undefined>
  hasUdevadm(): Promise<boolean>
  holderOf(path: string): Promise<string | undefined>
  /** undefined when it connects, else the reason's code. */
  connects(host: string, port: number): Promise<string | undefined>
}

export interface DoctorDeps {
  readonly system: DoctorSystem
  readonly clock: Clock
  readonly printers: Printers
  readonly serial: SerialPorts
  readonly heard: () => number
  readonly probe: (address: string) => Promise<Told>
}

const good = (id: string, text: string): Finding => ({ id, level: 'good', text })
const note = (id: string, text: string, todo?: string): Finding => ({
  id,
  level: 'note',
  text,
  ...(todo !== undefined && { todo }),
})
const bad = (id: string, text: string, todo: string): Finding => ({ id, level: 'bad', text, todo })

export function createDoctor(deps: DoctorDeps): Doctor {
  return {
    async report({ printerId, address }) {
      const printer = printerId === undefined ? undefined : deps.printers.get(printerId)
      const where = address ?? (printer?.driver === 'marlin' ? undefined : printer?.address)
      const findings = [
        ...network(deps),
        ...(where === undefined || where === '' ? [] : await reach(deps, where)),
        ...(printer ? [line(printer.snapshot.link)] : []),
        ...(await usb(deps)),
      ]
      const marks = { good: '[ok]', note: '[--]', bad: '[!!]' }
      const lines = findings.map(
        ({ level, text, todo }) => `${marks[level]} ${text}${todo ? ` → ${todo}` : ''}`,
      )
      const head = `Gantry, ${new Date(deps.clock.now()).toISOString()}, ${deps.system.platform}`
      return { findings, text: [head, ...lines].join('\n') }
    },
  }
}

function network({ system, heard: count }: DoctorDeps): Finding[] {
  const interfaces = system.interfaces()
  if (interfaces.length === 0) {
    const todo = 'Plug in the network cable or join the printers’ Wi-Fi.'
    return [bad('interfaces', 'This computer is in no network.', todo)]
  }
  const heard = count()
  return [
    good('interfaces', `This computer is in the network: ${interfaces.join(', ')}.`),
    heard > 0
      ? good('multicast', `${heard} announcements were heard in the network.`)
      : note(
          'multicast',
          'Nothing announces itself in the network.',
          'A guest Wi-Fi or a firewall may hold announcements back: allow UDP port 5353, or enter the address by hand.',
        ),
  ]
}

async function reach({ system, probe }: DoctorDeps, address: string): Promise<Finding[]> {
  const text = /^https?:\/\//i.test(address) ? address : `http://${address}`
  if (!URL.canParse(text))
    return [bad('address', `“${address}” is no address.`, 'Copy it from the printer’s screen.')]
  const url = new URL(text)
  const port = Number(url.port) || (url.protocol === 'https:' ? 443 : 80)
  const failure = await system.connects(url.hostname.replace(/^\[|\]$/g, ''), port)
  if (failure === 'ECONNREFUSED') {
    const todo = 'Check the port; OctoPrint has 80 or 5000, Moonraker 7125, PrusaLink 80 or 8080.'
    return [bad('port', `${url.hostname} is there, but nothing answers at port ${port}.`, todo)]
  }
  if (failure !== undefined) {
    const todo = 'Is the printer on, in the same network, and is the address still right?'
    return [bad('port', `${url.hostname} cannot be reached (${failure}).`, todo)]
  }
  const open = good('port', `${url.hostname} answers at port ${port}.`)
  try {
    const [best] = (await probe(text)).candidates
    return [
      open,
      best
        ? good('http', `${whyInWords(best.why)} Gantry speaks ${best.driverName}.`)
        : bad(
            'http',
            'Something answers there, but none of the makes Gantry speaks.',
            'Is it the printer’s own address?',
          ),
    ]
  } catch (thrown) {
    return [
      open,
      bad('http', toGantryError(thrown).message, 'Open the address in a browser and see what is there.'),
    ]
  }
}

function line({
  state,
  reason,
  text = '',
}: {
  state: string
  reason?: string | undefined
  text?: string | undefined
}): Finding {
  if (state === 'online') return good('line', 'Gantry is connected to it, and its key is accepted.')
  if (reason === 'printer.credentials') {
    return bad(
      'key',
      text || 'The key is not accepted.',
      'Enter the key again in the printer’s settings here.',
    )
  }
  return bad('line', text || 'The line is down.', 'Gantry goes on trying by itself.')
}

async function usb({ system, serial }: DoctorDeps): Promise<Finding[]> {
  const ports = await serial.list().catch(() => undefined)
  const findings: Finding[] = []
  if (ports === undefined)
    findings.push(bad('ports', 'The serial ports cannot be listed.', 'Start Gantry again.'))
  else if (ports.length === 0) {
    findings.push(
      note(
        'ports',
        'No serial port is there.',
        'Is the printer on? Some USB cables carry only power: try another.',
      ),
    )
  } else findings.push(good('ports', `Serial ports: ${ports.map(({ path }) => path).join(', ')}.`))
  if (system.platform !== 'linux') return findings
  const group = await system.serialGroup()
  if (group && !group.member) {
    const todo = `Run “sudo usermod -aG ${group.name} $USER”, then log out and in.`
    findings.push(
      bad('group', `This user is not in the group ${group.name} and may not open serial ports.`, todo),
    )
  }
  for (const { path } of ports ?? []) {
    const holder = await system.holderOf(path)
    if (holder === undefined) continue
    const todo = `Close ${holder}${/modemmanager|brltty/i.test(holder) ? ', or remove it: it takes every new port' : ''}.`
    findings.push(bad('busy', `${path} is held by ${holder}.`, todo))
  }
  if (!(await system.hasUdevadm())) {
    findings.push(note('udevadm', 'udevadm is missing; Gantry reads the ports from the kernel instead.'))
  }
  return findings
}
