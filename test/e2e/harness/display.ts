import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'

export interface Display {
  readonly name: string
  close(): Promise<void>
}

/** A screen for the window: the one there is, or one in memory of our own. */
export async function openDisplay(): Promise<Display> {
  const { DISPLAY } = process.env
  if (process.platform !== 'linux' || DISPLAY) return { name: DISPLAY ?? '', close: async () => {} }
  const server = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '1600x1200x24', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  })
  const pipe = server.stdio[3]
  if (!pipe || !('readable' in pipe)) throw new Error('Xvfb gives no display number')
  const ended = once(server, 'exit')
  const lines = createInterface({ input: pipe as NodeJS.ReadableStream })
  const [number] = await Promise.race([
    once(lines, 'line'),
    ended.then(() => Promise.reject(new Error('Xvfb ended at once'))),
  ])
  return {
    name: `:${number}`,
    async close() {
      server.kill()
      await ended
    },
  }
}
