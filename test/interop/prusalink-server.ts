import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Mk3, startMk3 } from './mk3.ts'
import { createRealServer, freePort } from './real-server.ts'

export const person = { username: 'owner', password: 'Interop-Owner-7', apiKey: 'interop-key-51a9' } as const

/** A real PrusaLink on the loopback with an MK3S of our own on its serial port, and a folder of its own. */
export interface PrusaLinkServer {
  readonly url: string
  readonly mk3: Mk3
  start(): Promise<void>
  stop(): Promise<void>
  said(): string
  remove(): Promise<void>
}

export async function createPrusaLinkServer(python: string): Promise<PrusaLinkServer> {
  // PrusaLink takes nothing below /tmp for storage.
  const folder = mkdtempSync('/var/tmp/gantry-prusalink-')
  const mk3 = await startMk3(python)
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  mkdirSync(join(folder, 'gcodes'))
  const ini = (sections: Readonly<Record<string, Readonly<Record<string, string | number>>>>) =>
    Object.entries(sections)
      .map(([name, fields]) =>
        [`[${name}]`, ...Object.entries(fields).map(([key, value]) => `${key} = ${value}`)].join('\n'),
      )
      .join('\n\n')
  const { username, password, apiKey } = person
  const digest = createHash('md5').update(`${username}:Administrator:${password}`).digest('hex')
  const settings = join(folder, 'settings.ini')
  writeFileSync(
    settings,
    ini({
      printer: { type: 'MK3S', name: 'interop', location: 'desk' },
      'service::local': { enable: 1, username, digest, api_key: apiKey },
    }),
  )
  const config = join(folder, 'prusalink.ini')
  writeFileSync(
    config,
    ini({
      daemon: { data_dir: folder, pid_file: join(folder, 'prusalink.pid') },
      http: { address: '127.0.0.1', port },
      printer: { port: mk3.path, baudrate: 115200, settings, directory: join(folder, 'gcodes') },
      cameras: { auto_detect: 'False' },
    }),
  )
  const { start, stop, said } = createRealServer({
    name: 'PrusaLink',
    command: python,
    args: ['-m', 'prusa.link', '-f', '-i', '-c', config],
    cwd: folder,
    up: { url: `${url}/api/version`, status: 401 },
  })
  return {
    url,
    mk3,
    start,
    stop,
    said,
    async remove() {
      await stop()
      await mk3.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
