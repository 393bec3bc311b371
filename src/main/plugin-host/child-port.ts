import type { ChildExit, ChildProcess, ChildProcesses } from '../lib/child-process.ts'
import type { Clock } from '../lib/clock.ts'
import type { Logger } from '../lib/log.ts'
import type { PluginLimits } from './limits.ts'
import type { Manifest } from './manifest.ts'
import type { HostPort } from './port.ts'

/** What a plug-in prints goes into the log, within reason. */
const longestLine = 500
const linesPerMinute = 120

export interface ChildPortDeps {
  readonly processes: ChildProcesses
  /** The program that carries a plug-in: `runner.js`. */
  readonly runner: string
  readonly env: Readonly<Record<string, string>>
  readonly clock: Clock
  readonly log: Logger
  readonly limits: PluginLimits
}

/** Starts a third-party plug-in in a process of its own. Nothing of our environment goes along. */
export function openChildPort(deps: ChildPortDeps, manifest: Manifest, folder: string): HostPort {
  const { clock, limits } = deps
  const child = fork(deps, manifest, folder)
  if (!child) return stillborn
  child.onOutput(createLineLog(clock, deps.log))

  return {
    send: message => child.send(message),
    onMessage: listener => void child.onMessage(listener),
    onClose: listener => void child.onExit(exit => listener(reasonOf(exit))),
    close: () =>
      new Promise(resolve => {
        const stopWaiting = clock.after(limits.stopMs, 'plug-in end', () => {
          deps.log.warn('a plug-in did not end when asked and was ended')
          child.kill()
        })
        child.onExit(() => {
          stopWaiting()
          resolve()
        })
        child.send({ action: 'CLOSE' })
      }),
  }
}

function fork(
  deps: ChildPortDeps,
  { id, main, protocol }: Manifest,
  folder: string,
): ChildProcess | undefined {
  try {
    return deps.processes.fork(deps.runner, {
      args: [folder, main, protocol],
      env: deps.env,
      dir: folder,
      name: `Gantry plug-in ${id}`,
      memoryMb: deps.limits.memoryMb,
    })
  } catch (thrown) {
    // Most of what keeps a process from starting is told later, but a system without memory says so at once.
    deps.log.error('a plug-in could not be started', { error: thrown })
    return undefined
  }
}

const notStarted = 'It could not be started.'
/** What nobody is at the other end of, which is told once whoever opened it listens. */
const stillborn: HostPort = {
  send: () => undefined,
  onMessage: () => undefined,
  onClose: listener => queueMicrotask(() => listener(notStarted)),
  close: async () => undefined,
}

function reasonOf(exit: ChildExit): string {
  if (exit.signal !== undefined) return `It was ended by ${exit.signal}.`
  if (exit.code === undefined) return notStarted
  return exit.code === 0 ? 'It ended by itself.' : `It stopped with code ${exit.code}.`
}

function createLineLog(clock: Clock, log: Logger): (text: string) => void {
  let rest = ''
  let minuteMs = clock.elapsed()
  let count = 0
  const write = (line: string) => {
    if (clock.elapsed() - minuteMs >= 60_000) {
      if (count > linesPerMinute) log.warn('a plug-in printed too much', { dropped: count - linesPerMinute })
      minuteMs = clock.elapsed()
      count = 0
    }
    count += 1
    if (count <= linesPerMinute) log.info('plug-in prints', { line: line.slice(0, longestLine) })
  }
  return text => {
    const lines = (rest + text).split(/\r?\n/)
    rest = (lines.pop() ?? '').slice(0, longestLine)
    for (const line of lines) if (line.trim() !== '') write(line)
  }
}
