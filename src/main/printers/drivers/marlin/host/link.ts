import { GantryError } from '../../../../contract/error.ts'
import type { ChildProcess } from '../../../../lib/child-process.ts'
import type { DriverContext } from '../../../driver/driver.ts'
import { createSerialHost } from './host.ts'
import { type FromHost, fromHost, type ToHost } from './protocol.ts'

/** A session's side of the host of its serial line, wherever that runs. */
export interface HostLink {
  tell(message: ToHost): void
  onMessage(listener: (message: FromHost) => void): void
  /** Lets go of it at once. */
  drop(): void
}

const PROGRAM = 'serial-stream'

/** In a process of its own, so that nothing Gantry does can make a printer wait; in this one where there is none. */
export function startHost(ctx: DriverContext): HostLink {
  return ctx.startProgram ? overProcess(ctx.startProgram(PROGRAM), ctx) : inProcess(ctx)
}

function inProcess(ctx: DriverContext): HostLink {
  let listener: ((message: FromHost) => void) | undefined
  const host = createSerialHost({
    clock: ctx.clock,
    ports: ctx.serial,
    tell: message => listener?.(message),
  })
  return {
    tell: message => host.take(message),
    onMessage(next) {
      listener = next
    },
    drop() {
      listener = undefined
      host.take({ kind: 'close' })
    },
  }
}

function overProcess(child: ChildProcess, ctx: DriverContext): HostLink {
  let listener: ((message: FromHost) => void) | undefined
  child.onMessage(message => {
    const parsed = fromHost.safeParse(message)
    if (parsed.success) listener?.(parsed.data)
    else
      ctx.log.warn('the host of a serial line said something odd', { issue: parsed.error.issues[0]?.message })
  })
  child.onOutput(text => ctx.log.warn('the host of a serial line printed', { text: text.slice(0, 2_000) }))
  child.onExit(exit => {
    const reason = new GantryError('wire.closed', 'The process that feeds the printer stopped.', { ...exit })
    const { code, message, details } = reason
    listener?.({ kind: 'ended', problem: { code, message, details }, cooled: false, fault: 'link-lost' })
  })
  return {
    tell: message => child.send(message),
    onMessage(next) {
      listener = next
    },
    // Not killed: it may have to park and cool first, and ends by itself after that.
    drop() {
      listener = undefined
      child.send({ kind: 'close' })
    },
  }
}
