import { access, readdir, readFile, readlink } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import type { DoctorSystem } from './doctor.ts'
import { listInterfaces } from './interfaces.ts'

const connectLimitMs = 3_000
const mostProcesses = 2_000

/** This machine, as the doctor looks at it. */
export function createDoctorSystem(): DoctorSystem {
  return {
    platform: process.platform,
    interfaces: () => listInterfaces().filter(({ address }) => !address.startsWith('127.')),
    async serialGroup() {
      const text = await readFile('/etc/group', 'utf8').catch(() => '')
      for (const line of text.split('\n')) {
        const [name = '', , id] = line.split(':')
        if (name !== 'dialout' && name !== 'uucp') continue
        const member = process.getuid?.() === 0 || (process.getgroups?.() ?? []).includes(Number(id))
        return { name, member }
      }
      return undefined
    },
    async hasUdevadm() {
      const places = ['/usr/bin/udevadm', '/bin/udevadm', '/sbin/udevadm', '/usr/sbin/udevadm']
      const found = await Promise.all(
        places.map(path =>
          access(path).then(
            () => true,
            () => false,
          ),
        ),
      )
      return found.includes(true)
    },
    holderOf,
    connects: (host, port) =>
      new Promise(resolve => {
        const socket = connect({ host, port, timeout: connectLimitMs })
        const end = (outcome: string | undefined) => {
          socket.destroy()
          resolve(outcome)
        }
        socket.once('connect', () => end(undefined))
        socket.once('timeout', () => end('ETIMEDOUT'))
        socket.once('error', (error: NodeJS.ErrnoException) => end(error.code ?? 'failed'))
      }),
  }
}

/** The program that has a device open, as far as this user may see: `/proc` tells of our own processes only. */
async function holderOf(path: string): Promise<string | undefined> {
  const processes = (await readdir('/proc').catch(() => [])).filter(name => /^\d+$/.test(name))
  for (const pid of processes.slice(0, mostProcesses)) {
    if (Number(pid) === process.pid) continue
    const folder = join('/proc', pid, 'fd')
    const descriptors = await readdir(folder).catch(() => [])
    for (const descriptor of descriptors) {
      const target = await readlink(join(folder, descriptor)).catch(() => '')
      if (target !== path) continue
      const name = await readFile(join('/proc', pid, 'comm'), 'utf8').catch(() => '')
      return name.trim() || `process ${pid}`
    }
  }
  return undefined
}
