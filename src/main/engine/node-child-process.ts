import { fork } from 'node:child_process'
import { followChild } from '../lib/child-output.ts'
import type { ChildOptions, ChildProcess } from '../lib/child-process.ts'

/** A child of plain Node. It inherits neither our environment nor our terminal. */
export function forkNodeProcess(module: string, options: ChildOptions): ChildProcess {
  const child = fork(module, [...(options.args ?? [])], {
    env: { ...options.env },
    execArgv: options.memoryMb === undefined ? [] : [`--max-old-space-size=${options.memoryMb}`],
    serialization: 'advanced',
    // On Windows it would get a console window of its own.
    detached: options.ownSession === true && process.platform !== 'win32',
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    ...(options.dir === undefined ? {} : { cwd: options.dir }),
  })
  const { end, onOutput, onExit } = followChild([child.stdout, child.stderr])
  child.on('exit', (code, signal) => end({ code: code ?? undefined, signal: signal ?? undefined }))
  child.on('error', () => {
    // A child that could not even start emits no exit; one that runs on does so later.
    if (child.pid === undefined) end({ code: undefined, signal: undefined })
  })

  return {
    pid: child.pid,
    send(message) {
      // The callback swallows the refusal of a line that closed in between: the exit tells the owner.
      if (child.connected && isSendable(message)) child.send(message, () => undefined)
    },
    onMessage(listener) {
      child.on('message', listener)
      return () => child.off('message', listener)
    },
    onOutput,
    onExit,
    kill: () => {
      child.kill('SIGKILL')
    },
  }
}

function isSendable(message: unknown): message is object | string | number | boolean {
  return message !== undefined && message !== null
}
