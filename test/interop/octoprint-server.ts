import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createRealServer, freePort } from './real-server.ts'

export const owner = { user: 'owner', pass: 'interop-owner' } as const

/** A real OctoPrint with its bundled virtual printer, on the loopback, with a folder of its own. */
export interface OctoPrintServer {
  readonly url: string
  start(): Promise<void>
  stop(): Promise<void>
  /** Ends it for good, with its folder. */
  remove(): Promise<void>
}

/** Plug-ins that would reach for the network: multicast, update checks, announcements. */
const quiet = [
  'announcements',
  'backup',
  'discovery',
  'errortracking',
  'health_check',
  'pi_support',
  'pluginmanager',
  'softwareupdate',
  'tracking',
]
const config = {
  server: { firstRun: false, onlineCheck: { enabled: false }, pluginBlacklist: { enabled: false } },
  serial: { port: 'VIRTUAL' },
  plugins: {
    _disabled: quiet,
    virtual_printer: { enabled: true },
    action_command_prompt: { enable: 'always' },
  },
}
const askLimitMs = 60_000

export async function createOctoPrintServer(python: string): Promise<OctoPrintServer> {
  const folder = mkdtempSync(join(tmpdir(), 'gantry-octoprint-'))
  // JSON is YAML too.
  writeFileSync(join(folder, 'config.yaml'), JSON.stringify(config))
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const octoprint = ['-m', 'octoprint']
  const added = spawnSync(
    python,
    [...octoprint, '--basedir', folder, 'user', 'add', '--password', owner.pass, '--admin', owner.user],
    { encoding: 'utf8', timeout: askLimitMs },
  )
  if (added.status !== 0) throw new Error(`OctoPrint made no user: ${added.stderr}`)
  // It refuses to be root, as a container's only user is, unless told that this is meant.
  const asRoot = process.getuid?.() === 0 ? ['--iknowwhatimdoing'] : []
  const place = ['--basedir', folder, '--host', '127.0.0.1', '--port', String(port)]
  const { start, stop } = createRealServer({
    name: 'OctoPrint',
    command: python,
    args: [...octoprint, 'serve', ...asRoot, ...place],
    up: { url: `${url}/plugin/appkeys/probe`, status: 204 },
  })
  return {
    url,
    start,
    stop,
    async remove() {
      await stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
