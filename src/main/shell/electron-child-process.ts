import { utilityProcess } from 'electron'
import type { ChildExit, ChildOptions, ChildProcess } from '../lib/child-process.ts'
import type { Dispose } from '../lib/dispose.ts'

/** A child of Electron: packages cannot run their own binary as Node, so plain forks end here. */
export function forkUtilityProcess(module: string, options: ChildOptions): ChildProcess {
  const child = utilityProcess.fork(module, [...(options.args ?? [])], {
    env: { ...options.env },
    execArgv: options.memoryMb === undefined ? [] : [`--max-old-space-size=${options.memoryMb}`],
    stdio: ['ignore', 'pipe', 'pipe'],
    serviceName: options.name,
    ...(options.dir !== undefined && { cwd: options.dir }),
  })
  let ended: ChildExit | undefined
  let pid: number | undefined
  const onEnd = new Set<(exit: ChildExit) => void>()
  child.once('spawn', () => {
    pid = child.pid
  })
  child.once('exit', code => {
    ended = { code, signal: undefined }
    for (const listener of onEnd) listener(ended)
    onEnd.clear()
  })

  return {
    get pid() {
      return pid
    },
    send(message) {
      if (!ended) child.postMessage(message)
    },
    onMessage(listener): Dispose {
      child.on('message', listener)
      return () => child.off('message', listener)
    },
    onOutput(listener) {
      const take = (chunk: Buffer) => listener(chunk.toString('utf8'))
      child.stdout?.on('data', take)
      child.stderr?.on('data', take)
      return () => {
        child.stdout?.off('data', take)
        child.stderr?.off('data', take)
      }
    },
    onExit(listener) {
      if (ended) listener(ended)
      else onEnd.add(listener)
      return () => {
        onEnd.delete(listener)
      }
    },
    kill() {
      if (pid === undefined || ended) child.kill()
      // Electron's own kill asks; this one does not.
      else process.kill(pid, 'SIGKILL')
    },
  }
}
