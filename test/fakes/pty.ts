import { spawn, spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { SimBoard } from '../../src/main/printers/sim/marlin/board.ts'

const program = join(import.meta.dirname, 'programs/pty-bridge.py')

/** Whether this machine can make one: only python3 has them without a native package. */
export const hasPty = process.platform === 'linux' && spawnSync('python3', ['-c', 'import pty']).status === 0

/** A real serial port of this machine with nothing but this test at its other end. */
export interface Pty {
  readonly path: string
  write(bytes: Uint8Array | string): void
  onData(listener: (bytes: Buffer) => void): void
  /** Pulls the cable. */
  hangUp(): void
}

export async function openPty(): Promise<Pty> {
  const child = spawn('python3', [program], { stdio: ['pipe', 'pipe', 'inherit'] })
  onTestFinished(() => {
    child.kill('SIGKILL')
  })
  // A board that still speaks after the cable was pulled speaks to nobody.
  child.stdin.on('error', () => {})
  const listeners = new Set<(bytes: Buffer) => void>()
  let early: Buffer[] = []
  let tell: ((path: string) => void) | undefined
  const path = await new Promise<string>(resolve => {
    tell = resolve
    child.stdout.on('data', (chunk: Buffer) => {
      let bytes = chunk
      if (tell) {
        const end = bytes.indexOf(0x0a)
        tell(bytes.subarray(0, end).toString())
        tell = undefined
        bytes = bytes.subarray(end + 1)
      }
      if (bytes.length === 0) return
      if (listeners.size === 0) early.push(bytes)
      for (const listener of listeners) listener(bytes)
    })
  })
  return {
    path,
    write: bytes => child.stdin.write(bytes),
    onData(listener) {
      listeners.add(listener)
      for (const bytes of early) listener(bytes)
      early = []
    },
    hangUp: () => child.kill('SIGKILL'),
  }
}

/** A simulated board behind a real serial port. */
export async function plugIn(board: SimBoard): Promise<Pty> {
  const pty = await openPty()
  const line = board.open()
  line.onData(bytes => pty.write(bytes))
  pty.onData(bytes => line.write(bytes))
  return pty
}
