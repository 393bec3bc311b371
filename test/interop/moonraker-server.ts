import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createKlippy, type Klippy } from './klippy.ts'
import { createRealServer, freePort } from './real-server.ts'

/** A real Moonraker on the loopback with a Klipper of our own behind it, and a folder of its own. */
export interface MoonrakerServer {
  readonly url: string
  readonly klippy: Klippy
  /** From its next start on: does it let this computer in without a key? */
  trust(trusts: boolean): void
  start(): Promise<void>
  stop(): Promise<void>
  remove(): Promise<void>
}

/** Two hours of print in seconds: real Moonraker in front, arithmetic behind. */
const speed = 20

export async function createMoonrakerServer(python: string): Promise<MoonrakerServer> {
  const folder = mkdtempSync(join(tmpdir(), 'gantry-moonraker-'))
  const gcodes = join(folder, 'gcodes')
  for (const name of ['config', 'gcodes', 'logs']) mkdirSync(join(folder, name))
  const socketPath = join(folder, 'klippy.sock')
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const trust = (trusts: boolean) => {
    const sections = {
      server: { host: '127.0.0.1', port, klippy_uds_address: socketPath },
      machine: { provider: 'none', validate_service: 'False', validate_config: 'False' },
      authorization: trusts ? { trusted_clients: '127.0.0.1' } : { force_logins: 'True' },
      file_manager: { enable_object_processing: 'False' },
      history: {},
      octoprint_compat: {},
    }
    const lines = Object.entries(sections).flatMap(([name, fields]) => [
      `[${name}]`,
      ...Object.entries(fields).map(([key, value]) => `${key}: ${value}`),
    ])
    writeFileSync(join(folder, 'config', 'moonraker.conf'), `${lines.join('\n')}\n`)
  }
  trust(true)
  const klippy = createKlippy({ socketPath, gcodes, speed })
  const { start, stop } = createRealServer({
    name: 'Moonraker',
    command: python,
    args: ['-m', 'moonraker', '-d', folder],
    up: { url: `${url}/access/info`, status: 200 },
  })
  return {
    url,
    klippy,
    trust,
    start,
    stop,
    async remove() {
      await stop()
      await klippy.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
