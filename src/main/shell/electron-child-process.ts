import { utilityProcess } from 'electron'
import { followChild } from '../lib/child-output.ts'
import type { ChildOptions, ChildProcess } from '../lib/child-process.ts'
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
  const { end, hasEnded, onOutput, onExit } = followChild([child.stdout, child.stderr])
  let pid: number | undefined
  child.once('spawn', () => {
    pid = child.pid
  })
  child.once('exit', code => end({ code, signal: undefined }))

  return {
    get pid() {
      return pid
    },
    send(message) {
      if (!hasEnded()) child.postMessage(message)
    },
    onMessage(listener): Dispose {
      child.on('message', listener)
      return () => child.off('message', listener)
    },
    onOutput,
    onExit,
    kill() {
      if (pid === undefined || hasEnded()) child.kill()
      // Electron's own kill asks; this one does not.
      else process.kill(pid, 'SIGKILL')
    },
  }
}
