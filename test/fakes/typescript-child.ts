import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { build } from 'vite'
import { afterAll, onTestFinished } from 'vitest'

const root = resolve(import.meta.dirname, '../..')

/**
 * Makes a program of one of our TypeScript files, as Node 20 cannot run it by itself. It lies under the project
 * so that packages are found from there, and goes away after the tests of the file that asked.
 */
export async function buildProgram(entry: string): Promise<string> {
  const name = basename(entry, '.ts')
  const outDir = join(root, 'out', 'test-programs', `${name}-${process.pid}`)
  afterAll(() => rmSync(outDir, { recursive: true, force: true }))
  await build({
    configFile: false,
    root,
    logLevel: 'silent',
    build: {
      ssr: entry,
      outDir,
      emptyOutDir: false,
      rollupOptions: { output: { entryFileNames: '[name].mjs' } },
    },
  })
  return join(outDir, `${name}.mjs`)
}

export interface RunningProgram {
  readonly child: ChildProcess
  /** Resolves with the next whole line the program prints. */
  nextLine(): Promise<string>
  /** Exit code, or undefined when a signal ended it. */
  exit(): Promise<number | undefined>
}

export function runProgram(program: string, args: readonly string[]): RunningProgram {
  const child = spawn(process.execPath, [program, ...args], { stdio: ['pipe', 'pipe', 'inherit'] })
  onTestFinished(() => {
    child.kill('SIGKILL')
  })
  const lines: string[] = []
  const waiting: ((line: string) => void)[] = []
  let rest = ''
  child.stdout.on('data', (chunk: Buffer) => {
    const parts = (rest + chunk.toString('utf8')).split('\n')
    rest = parts.pop() ?? ''
    for (const line of parts) {
      const taker = waiting.shift()
      if (taker) taker(line)
      else lines.push(line)
    }
  })
  const ended = once(child, 'exit')
  return {
    child,
    async nextLine() {
      const line = lines.shift()
      if (line !== undefined) return line
      return await Promise.race([
        new Promise<string>(resolve => waiting.push(resolve)),
        ended.then(() => Promise.reject(new Error('the program ended without another line'))),
      ])
    },
    async exit() {
      const [code] = await ended
      return typeof code === 'number' ? code : undefined
    },
  }
}
