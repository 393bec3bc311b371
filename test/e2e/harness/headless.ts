import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { expect } from 'vitest'
import { root } from './build.ts'
import { makeTempDir } from './temp-dir.ts'
import { untrueAnswers } from './untrue-answers.ts'
import { environment } from './window.ts'

export interface HeadlessOptions {
  readonly dataDir?: string
  readonly args?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
}

export interface Headless {
  /** The dashboard with its one-time code; absent until it is printed, and when Gantry ended before. */
  readonly signInUrl: string
  /** `http://127.0.0.1:54321` */
  readonly url: string
  readonly dataDir: string
  readonly output: () => string
  /** It stands still, with everything it holds open, until it goes on. */
  freeze(): void
  goOn(): void
  /** Ends it by a signal and says with which code it went. */
  end(signal?: NodeJS.Signals): Promise<number | null>
  /** Ends it if it runs, and removes what was made for it. Fails where an answer was not as documented. */
  close(): Promise<void>
}

export interface Ended {
  readonly code: number | null
  readonly output: string
}

const END_LIMIT_MS = 15_000
const linkForm = /(https?:\/\/[^\s/]+)\/#invitation=\S+/

/** The engine without a window on a port nobody else has, up to the moment it prints its link. */
export async function startHeadless(options: HeadlessOptions = {}): Promise<Headless> {
  const { child, output, ended, dataDir, remove } = await spawnHeadless(options)
  const close = async () => {
    const stuck = setTimeout(() => child.kill('SIGKILL'), END_LIMIT_MS)
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM')
    // One that stands still hears no other signal.
    child.kill('SIGCONT')
    await ended
    clearTimeout(stuck)
    const untrue = await untrueAnswers(dataDir)
    await remove()
    expect(untrue).toEqual([])
  }
  try {
    const link = await new Promise<RegExpExecArray>((resolve, reject) => {
      const look = () => {
        const found = linkForm.exec(output())
        if (found) resolve(found)
      }
      child.stdout.on('data', look)
      void ended.then(() => reject(new Error(`Gantry ended before it printed its link:\n${output()}`)))
    })
    const [signInUrl, url = ''] = link
    return {
      signInUrl,
      url,
      dataDir,
      output,
      close,
      freeze: () => void child.kill('SIGSTOP'),
      goOn: () => void child.kill('SIGCONT'),
      async end(signal = 'SIGTERM') {
        child.kill(signal)
        return (await ended).code
      },
    }
  } catch (thrown) {
    await close()
    throw thrown
  }
}

/** A start that is expected to end by itself. */
export async function runHeadless(options: HeadlessOptions = {}): Promise<Ended> {
  const { ended, remove } = await spawnHeadless(options)
  const end = await ended
  await remove()
  return end
}

async function spawnHeadless({ dataDir: given, args = [], env = {} }: HeadlessOptions) {
  const temp = given === undefined ? await makeTempDir() : undefined
  const dataDir = given ?? temp?.path ?? ''
  const own = [`--data-dir=${dataDir}`, '--port=0', '--https-port=0', '--no-discovery', '--check-results']
  const child = spawn(process.execPath, [join(root, 'out/main/headless.js'), ...own, ...args], {
    cwd: root,
    env: { ...environment(), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let text = ''
  const take = (chunk: Buffer) => {
    text += chunk.toString('utf8')
  }
  child.stdout.on('data', take)
  child.stderr.on('data', take)
  const ended = once(child, 'close').then(([code]): Ended => ({ code: code as number | null, output: text }))
  return { child, output: () => text, ended, dataDir, remove: async () => temp?.remove() }
}
