import { createServer as createHttpServer } from 'node:http'
import { type AddressInfo, createServer } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { LinkReason } from '../../../src/main/contract/link-reason.ts'
import { createDoctor, type DoctorDeps, type DoctorSystem } from '../../../src/main/discovery/doctor.ts'
import { createDoctorSystem } from '../../../src/main/discovery/doctor-system.ts'
import { createOctoPrintSim } from '../../../src/main/printers/sim/octoprint.ts'
import { createSimPrinter } from '../../../src/main/printers/sim/sim-printer.ts'
import { settled, until } from '../printers/driver-kit.ts'
import { announced, discoveryBench, type FakePort } from './bench.ts'

const well: DoctorSystem = {
  platform: 'linux',
  interfaces: () => [{ name: 'eth0', address: '10.0.0.2', netmask: '255.255.255.0' }],
  serialGroup: async () => ({ name: 'dialout', member: true }),
  hasUdevadm: async () => true,
  holderOf: async () => undefined,
  connects: async () => undefined,
}

interface Room {
  readonly system?: Partial<DoctorSystem>
  readonly announcements?: Partial<DoctorDeps['announcements']>
  readonly ports?: readonly FakePort[]
}

async function room({ system = {}, announcements = {}, ports = [{ path: '/dev/ttyUSB0' }] }: Room = {}) {
  const bench = await discoveryBench()
  bench.ports.push(...ports)
  await bench.clock.advance(2_100)
  const { clock, printers, serial, discovery } = bench
  const doctor = createDoctor({
    system: { ...well, ...system },
    clock,
    printers,
    serial,
    announcements: { heard: () => 3, ask: () => {}, ...announcements },
    found: discovery.found,
    probe: discovery.probe,
  })
  onTestFinished(bench.end)
  const look = async (question: Parameters<typeof doctor.report>[0] = {}) =>
    settled(clock, doctor.report(question))
  return { ...bench, look }
}

const codes = (report: { findings: readonly { code: string; level: string }[] }) =>
  report.findings.map(({ code, level }) => `${level} ${code}`)

describe('the doctor', () => {
  it('finds nothing wrong where nothing is', async () => {
    const { look } = await room()
    const report = await look()
    expect(codes(report)).toEqual(['good network', 'good multicast', 'good ports', 'good may-open'])
    expect(report.findings[0]?.text).toBe('This computer is in the network: eth0 10.0.0.2.')
  })

  it.each<[string, Room, string]>([
    ['no network', { system: { interfaces: () => [] } }, 'bad no-network'],
    ['nothing heard', { announcements: { heard: () => 0 } }, 'note no-multicast'],
    ['not listening', { announcements: { isOff: true } }, 'note not-listening'],
    ['no port', { ports: [] }, 'note no-ports'],
    [
      'no right',
      { system: { serialGroup: async () => ({ name: 'uucp', member: false }) } },
      'bad may-not-open',
    ],
    ['a slicer', { system: { holderOf: async () => 'PrusaSlicer' } }, 'bad port-held'],
    ['a grabber', { system: { holderOf: async () => 'ModemManager' } }, 'bad port-grabbed'],
    ['no udevadm', { system: { hasUdevadm: async () => false } }, 'note no-udevadm'],
    [
      'a Klipper board',
      { ports: [{ path: '/dev/ttyACM0', vendorId: '1d50', productId: '614e' }] },
      'note not-printer',
    ],
  ])('finds %s, and says what to do', async (_, state, expected) => {
    const { look } = await room(state)
    const { findings, text } = await look()
    const [level, code] = expected.split(' ')
    const found = findings.find(each => each.code === code)
    expect(found?.level).toBe(level)
    if (level === 'bad') expect(found?.todo).toMatch(/\.$/)
    for (const each of findings) expect(`${each.text}${each.todo ?? ''}`).not.toMatch(/[{}]|undefined/)
    expect(text).toContain(found?.text)
  })

  it('gives the network a moment when nothing was heard so far', async () => {
    let asked = 0
    const { look } = await room({ announcements: { heard: () => asked, ask: () => asked++ } })
    expect(codes(await look())).toContain('good multicast')
  })

  it('knows Linux’s groups and helpers only on Linux', async () => {
    const { look } = await room({ system: { platform: 'win32', hasUdevadm: async () => false } })
    expect(codes(await look())).toEqual(['good network', 'good multicast', 'good ports'])
  })

  it('names what it sees and cannot drive', async () => {
    const { look, see } = await room()
    see(announced('ultimaker', { name: 'Bench 3', machine: '9051.0' }))
    const found = (await look()).findings.find(({ code }) => code === 'foreign')
    expect(found?.params).toEqual({ title: 'Bench 3', make: 'Ultimaker S5', address: '10.0.0.5' })
  })

  it.each<[string, string | undefined, LinkReason]>([
    ['refused', 'ECONNREFUSED', 'refused'],
    ['without a name', 'ENOTFOUND', 'no-name'],
    ['away', 'EHOSTUNREACH', 'unreachable'],
  ])('finds an address that is %s', async (_, failure, reason) => {
    const { look } = await room({ system: { connects: async () => failure } })
    const { findings } = await look({ address: 'http://10.0.0.7:5000' })
    expect(findings.find(({ code }) => code === 'port-closed')).toMatchObject({ level: 'bad', reason })
    expect(findings.some(({ code }) => code === 'other-network')).toBe(false)
  })

  it('sees that an address is in no network of this computer', async () => {
    const { look } = await room({ system: { connects: async () => 'ETIMEDOUT' } })
    expect(codes(await look({ address: '192.168.77.1' }))).toContain('note other-network')
    expect(codes(await look({ address: '10.0.0.250' }))).not.toContain('note other-network')
  })

  it.each(['http://', 'a b', 'http://user:hunter2@10.0.0.7', `http://${'x'.repeat(300)}.local`])(
    'takes %s for no address, and repeats none of it',
    async address => {
      const { look } = await room()
      const report = await look({ address })
      expect(codes(report)).toContain('bad not-address')
      expect(JSON.stringify(report)).not.toMatch(/hunter2|xxx/)
    },
  )
})

describe('the doctor at real servers', () => {
  const real = createDoctorSystem()
  const loopback = { system: { connects: real.connects, interfaces: well.interfaces } }

  async function http(answer: Parameters<typeof createHttpServer>[1]): Promise<string> {
    const server = createHttpServer(answer)
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => {
      server.closeAllConnections()
      server.close()
    })
    return `127.0.0.1:${(server.address() as AddressInfo).port}`
  }

  it('tells an OctoPrint by its answer', async () => {
    const { clock, look } = await room(loopback)
    const server = await createOctoPrintSim(createSimPrinter({ clock }), { apiKey: 'sesame-8812' })
    onTestFinished(server.stop)
    const { findings } = await look({ address: server.url })
    expect(findings.find(({ code }) => code === 'port-open')?.level).toBe('good')
    expect(findings.find(({ code }) => code === 'http')).toMatchObject({
      why: { params: { what: 'OctoPrint' } },
    })
  })

  it('finds a port nobody listens at', async () => {
    const { look } = await room(loopback)
    const server = createServer()
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    await new Promise<void>(resolve => server.close(() => resolve()))
    const { findings } = await look({ address: `127.0.0.1:${port}` })
    expect(findings.find(({ code }) => code === 'port-closed')?.reason).toBe('refused')
  })

  it('finds a web page that is no printer, a host that speaks no HTTP, and one that never answers', async () => {
    const { look } = await room(loopback)
    const page = await http((_, reply) => reply.end('<h1>Camera</h1>'))
    expect(codes(await look({ address: page }))).toContain('bad http-nothing')
    const noise = createServer(socket => {
      socket.on('error', () => {})
      socket.end('220 mail\r\n')
    })
    await new Promise<void>(resolve => noise.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => {
      noise.close()
    })
    const { findings } = await look({ address: `127.0.0.1:${(noise.address() as AddressInfo).port}` })
    expect(findings.find(({ code }) => code === 'http-failed')?.reason).toMatch(/something-else|broke/)
    const silent = await http(() => {})
    const { findings: later } = await look({ address: silent })
    expect(later.find(({ code }) => code === 'http-failed')?.reason).toMatch(/silent|other/)
  })

  it('tells whether a printer’s key is accepted, and keeps the key out of the report', async () => {
    const { clock, look, printers } = await room(loopback)
    const server = await createOctoPrintSim(createSimPrinter({ clock }), { apiKey: 'sesame-8812' })
    onTestFinished(server.stop)
    const config = { url: server.url, apiKey: 'sesame-8812' }
    const printerId = await printers.add({ driver: 'octoprint', name: 'Desk', config })
    const link = () => printers.get(printerId).snapshot.link
    await until(clock, 'it is live', () => link().state === 'online')
    expect(codes(await look({ printerId }))).toContain('good line-up')
    printers.configure(printerId, { apiKey: 'wrong-key-4711' })
    await until(clock, 'it is refused', () => link().cause !== undefined)
    const report = await look({ printerId })
    expect(report.findings.find(({ code }) => code === 'line-down')?.reason).toBe('key')
    expect(report.text).not.toMatch(/sesame-8812|wrong-key-4711/)
  })
})

describe('the doctor’s eyes', () => {
  const real = createDoctorSystem()

  it('see this computer', async () => {
    expect(Array.isArray(real.interfaces())).toBe(true)
    expect(await real.holderOf('/dev/no-such-port')).toBeUndefined()
    expect(typeof (await real.hasUdevadm())).toBe('boolean')
    await real.serialGroup()
  })

  it('see that a name is nobody’s', async () => {
    expect(await real.connects('no-such-printer.invalid', 80)).toMatch(/ENOTFOUND|EAI_AGAIN/)
  })
})
