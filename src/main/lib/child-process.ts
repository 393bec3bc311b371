import type { Dispose } from './dispose.ts'

/** A child that talks in messages; Electron and Node start them differently, and only the platform knows how. */
export interface ChildProcess {
  readonly pid: number | undefined
  /** Plain data only. After the child is gone it goes nowhere. */
  send(message: unknown): void
  onMessage(listener: (message: unknown) => void): Dispose
  /** What the child prints, as it comes; from a program that is not ours, so unchecked. */
  onOutput(listener: (text: string) => void): Dispose
  /** Once; at once when the child is gone already. */
  onExit(listener: (exit: ChildExit) => void): Dispose
  /** Ends it without asking. */
  kill(): void
}

export interface ChildExit {
  readonly code: number | undefined
  readonly signal: string | undefined
}

export interface ChildOptions {
  readonly args?: readonly string[]
  /** The whole environment of the child: nothing of ours goes along by itself. */
  readonly env?: Readonly<Record<string, string>>
  readonly dir?: string
  /** Its JavaScript heap; a child that wants more ends. */
  readonly memoryMb?: number
  /** Ctrl+C of our terminal does not reach it, and Linux gives it its share of the processor apart from ours. */
  readonly ownSession?: boolean
  /** Shown in the list of processes where the system can. */
  readonly name: string
}

/** Starts a module of JavaScript as a process of its own. */
export interface ChildProcesses {
  fork(module: string, options: ChildOptions): ChildProcess
}
