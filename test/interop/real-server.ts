import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'

/** A real program under test's hands: started, stopped as its service manager would, started again. */
export interface RealServer {
  start(): Promise<void>
  stop(): Promise<void>
  /** What it said last, for when it misbehaves. */
  said(): string
}

const startLimitMs = 60_000
const stopLimitMs = 15_000
const askLimitMs = 2_000
const tryAgainMs = 200

export function createRealServer(options: {
  readonly name: string
  readonly command: string
  readonly args: readonly string[]
  readonly cwd?: string
  /** Answered with this status it is up. */
  readonly up: { readonly url: string; readonly status: number }
}): RealServer {
  const { name, command, args, cwd, up } = options
  let child: ChildProcess | undefined
  let said = ''

  return {
    said: () => said,
    async start() {
      const started = spawn(command, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] })
      child = started
      const keep = (text: Buffer) => {
        said = (said + text.toString()).slice(-8_000)
      }
      started.stdout.on('data', keep)
      started.stderr.on('data', keep)
      const untilMs = performance.now() + startLimitMs
      while (!(await answers(up))) {
        if (started.exitCode !== null || performance.now() > untilMs)
          throw new Error(`${name} did not start:\n${said}`)
      }
    },
    async stop() {
      const running = child
      child = undefined
      if (running === undefined || running.exitCode !== null || running.signalCode !== null) return
      const gone = once(running, 'exit')
      running.kill('SIGTERM')
      const harder = setTimeout(() => running.kill('SIGKILL'), stopLimitMs)
      await gone
      clearTimeout(harder)
    },
  }
}

async function answers({ url, status }: { readonly url: string; readonly status: number }): Promise<boolean> {
  try {
    const reply = await fetch(url, { signal: AbortSignal.timeout(askLimitMs) })
    if (reply.status === status) return true
  } catch {
    // Nobody listens yet.
  }
  // Another process' start has no event of ours to wait for.
  await new Promise(resolve => setTimeout(resolve, tryAgainMs))
  return false
}

export async function freePort(): Promise<number> {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}
