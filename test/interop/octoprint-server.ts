import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

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
const startLimitMs = 60_000
const stopLimitMs = 15_000
const tryAgainMs = 200

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
    { encoding: 'utf8', timeout: startLimitMs },
  )
  if (added.status !== 0) throw new Error(`OctoPrint made no user: ${added.stderr}`)
  // It refuses to be root, as a container's only user is, unless told that this is meant.
  const asRoot = process.getuid?.() === 0 ? ['--iknowwhatimdoing'] : []
  let child: ChildProcess | undefined
  let said = ''

  const stop = async () => {
    const running = child
    child = undefined
    if (running === undefined || running.exitCode !== null || running.signalCode !== null) return
    const gone = once(running, 'exit')
    running.kill('SIGTERM')
    const harder = setTimeout(() => running.kill('SIGKILL'), stopLimitMs)
    await gone
    clearTimeout(harder)
  }
  return {
    url,
    async start() {
      const args = ['serve', ...asRoot, '--basedir', folder, '--host', '127.0.0.1', '--port', String(port)]
      const started = spawn(python, [...octoprint, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
      child = started
      const keep = (text: Buffer) => {
        said = (said + text.toString()).slice(-4_000)
      }
      started.stdout.on('data', keep)
      started.stderr.on('data', keep)
      const untilMs = performance.now() + startLimitMs
      while (!(await answers(url))) {
        if (started.exitCode !== null || performance.now() > untilMs)
          throw new Error(`OctoPrint did not start:\n${said}`)
      }
    },
    stop,
    async remove() {
      await stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function answers(url: string): Promise<boolean> {
  try {
    const reply = await fetch(`${url}/plugin/appkeys/probe`, { signal: AbortSignal.timeout(2_000) })
    return reply.status === 204
  } catch {
    // Another process' start has no event of ours to wait for.
    await new Promise(resolve => setTimeout(resolve, tryAgainMs))
    return false
  }
}

async function freePort(): Promise<number> {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}
