import type { Readable } from 'node:stream'
import { GantryError, toGantryError } from '../../../../contract/error.ts'
import type { Clock } from '../../../../lib/clock.ts'
import type { SerialLine, SerialPorts } from '../../../serial/serial-ports.ts'
import type { HostAction } from '../wire/action.ts'
import { classifyFault } from '../wire/fault.ts'
import type { Reply } from '../wire/reply.ts'
import type { SenderFault } from '../wire/sender-state.ts'
import { createExchange, type Exchange } from './exchange.ts'
import { explain, toProblem } from './explain.ts'
import { createPrint, type Print, printBusy } from './print.ts'
import { type FromHost, type PrintPlan, type ToHost, toHost } from './protocol.ts'
import { coolScript } from './scripts.ts'

const STATUS_EVERY_MS = 250
const DTR_LOW_MS = 100
/** Parking and cooling after the owner is gone; after that the line is closed as it is. */
const FAREWELL_LIMIT_MS = 60_000
/** Lines the owner is told per status period: a firmware that chatters must not fill its memory. */
const HEARD_PER_PERIOD = 200

/**
 * The host of one serial line: owns the port, talks to the firmware, feeds prints from disk. It runs in a process of
 * its own beside Electron or in the same one in tests, and needs nothing of its owner while it prints.
 */
export interface SerialHost {
  take(message: unknown): void
  /**
   * The owner is gone. A print is cancelled: parked and cooled. Without one, heaters are switched off where it is sure
   * that the printer does not print from its own card. Resolves when the line is closed.
   */
  orphan(): Promise<void>
}

export interface HostOptions {
  readonly clock: Clock
  readonly ports: SerialPorts
  readonly tell: (message: FromHost) => void
  /** Opens a file to print. */
  readonly read?: (plan: PrintPlan) => Readable
}

type Ended = Extract<FromHost, { kind: 'ended' }>

interface Known {
  readonly emergencyParser: boolean
  readonly cool: readonly string[]
  readonly resetsByDtr: boolean
}

export function createSerialHost({ clock, ports, tell, read }: HostOptions): SerialHost {
  const closing = new AbortController()
  let known: Known = {
    emergencyParser: false,
    cool: coolScript({ tools: 1, chamber: false }),
    resetsByDtr: false,
  }
  let line: SerialLine | undefined
  let exchange: Exchange | undefined
  let print: Print | undefined
  /** Until somebody knows, a print from card may be running. */
  let card: Extract<ToHost, { kind: 'card' }>['prints'] = 'unknown'
  let heardNow = 0
  let over = false
  let onQuiet: (() => void) | undefined

  const tellStatus = () => {
    if (print) tell({ kind: 'stream', status: print.status() })
    if (!print?.live) onQuiet?.()
  }
  const stopStatus = clock.every(STATUS_EVERY_MS, 'printers.marlin status', () => {
    heardNow = 0
    if (print?.live) tellStatus()
  })
  const shout = (text: string) => exchange?.shout(text)

  const end = (message: FromHost) => {
    if (over) return
    over = true
    stopStatus()
    closing.abort()
    exchange?.stop(new GantryError('wire.closed', 'The line to the printer is closed.'))
    const held = line
    line = undefined
    void held
      ?.close()
      .catch(() => undefined)
      .then(() => tell(message))
    if (!held) tell(message)
    onQuiet?.()
  }
  const endWith = (error: GantryError, fault?: Ended['fault'], cooled = false) => {
    print?.fail(error.message)
    end({ kind: 'ended', problem: toProblem(error), cooled, ...(fault ? { fault } : {}) })
  }

  const onFault = (fault: SenderFault) => {
    const { error, named } = explain(fault)
    // What is hot without a print of ours is somebody else's: it may be printing from its card.
    const cools = print?.live === true && fault.code !== 'reset'
    // The numbered exchange is lost; bare lines may still arrive.
    if (cools) for (const command of ['M108', ...known.cool]) shout(command)
    endWith(error, named, cools)
  }
  const stopEverything = async () => {
    print?.fail('It was stopped in an emergency.')
    shout('M112')
    if (known.emergencyParser) return
    // Without an emergency parser the command waits for a place in the queue; a reset does not.
    shout('M112')
    if (known.resetsByDtr) await pullDtr()
  }
  const pullDtr = async () => {
    await line?.setSignals({ dtr: false })
    clock.after(DTR_LOW_MS, 'printers.marlin reset', () => void line?.setSignals({ dtr: true }))
  }
  const heed = (reply: Reply) => {
    switch (reply.kind) {
      case 'card-started':
      case 'card-progress':
        card = 'yes'
        return
      case 'action':
        return heedAction(reply)
      case 'error':
        return heedError(reply.text)
    }
  }
  const heedAction = ({ verb, argument }: HostAction) => {
    if (verb === 'pause') print?.pause(/runout/i.test(argument) ? 'runout' : 'host')
    else if (verb === 'out_of_filament') print?.pause('runout')
    else if (verb === 'paused') print?.pause('firmware')
    else if (verb === 'resume' || verb === 'resumed') print?.resume()
    else if (verb === 'cancel') print?.cancel()
  }
  const heedError = (text: string) => {
    const { code, severity } = classifyFault(text)
    if (severity !== 'critical' || !print?.live) return
    print.fail(text)
    if (code !== 'killed') shout('M112')
  }

  const open = async (message: Extract<ToHost, { kind: 'open' }>) => {
    const { path, baudRate, signals, startWaitMs } = message
    const opened = await ports.open(
      { path, baudRate, ...(signals ? { dtr: true, rts: true } : {}) },
      closing.signal,
    )
    if (over) return void opened.close()
    line = opened
    let ready = false
    opened.onClose(reason => {
      if (over || !reason) return
      if (ready) endWith(reason, 'link-lost')
      else end({ kind: 'not-opened', problem: toProblem(reason), noise: false })
    })
    exchange = createExchange({
      clock,
      line: opened,
      startWaitMs,
      events: {
        ready() {
          if (ready) return
          ready = true
          tell({ kind: 'opened' })
        },
        heard(text, replies) {
          if (++heardNow <= HEARD_PER_PERIOD) tell({ kind: 'heard', text })
          for (const reply of replies) heed(reply)
        },
        sent: text => tell({ kind: 'sent', text }),
        late: lateMs => print?.late(lateMs),
        quiet: on => tell({ kind: 'quiet', on }),
        failed(fault, noise) {
          if (ready) onFault(fault)
          else end({ kind: 'not-opened', problem: toProblem(explain(fault).error), noise })
        },
      },
    })
  }
  const command = async (id: number, text: string) => {
    if (!exchange) throw new GantryError('wire.closed', 'The line to the printer is closed.')
    tell({ kind: 'answer', id, lines: [...(await exchange.send(text))] })
  }
  const startPrint = ({ id, plan }: Extract<ToHost, { kind: 'print' }>) => {
    if (!exchange || print?.live) {
      tell({ kind: 'answer', id, lines: [], problem: toProblem(printBusy()) })
      return
    }
    tell({ kind: 'answer', id, lines: [] })
    print = createPrint({
      clock,
      plan,
      exchange,
      coolScript: () => known.cool,
      breakWait: () => known.emergencyParser && shout('M108'),
      changed: tellStatus,
      ...(read ? { open: read } : {}),
    })
    print.start()
  }

  const obey = (message: ToHost) => {
    switch (message.kind) {
      case 'open':
        return void open(message).catch((thrown: unknown) =>
          end({ kind: 'not-opened', problem: toProblem(toGantryError(thrown)), noise: false }),
        )
      case 'know':
        known = message
        exchange?.answersLate(message.answersLate)
        return
      case 'card':
        card = message.prints
        return
      case 'command':
        return void command(message.id, message.text).catch((thrown: unknown) =>
          tell({ kind: 'answer', id: message.id, lines: [], problem: toProblem(toGantryError(thrown)) }),
        )
      case 'shout':
        return shout(message.text)
      case 'emergency':
        return void stopEverything()
      case 'reset':
        // A print that is fed would go on into a machine that knows nothing of it.
        if (print?.live) return
        shout('M999')
        if (known.resetsByDtr) void pullDtr()
        return
      case 'print':
        return startPrint(message)
      case 'pause':
        return print?.pause()
      case 'resume':
        return print?.resume()
      case 'cancel':
        return print?.cancel()
      case 'close':
        return void farewell(false)
    }
  }

  /** Nothing is left hot behind an owner who is gone; an owner who closes knows what his heaters do. */
  const farewell = async (orphaned: boolean) => {
    const quiet = new Promise<void>(resolve => {
      onQuiet = resolve
    })
    if (print?.live) print.cancel()
    else if (orphaned && exchange && card === 'no' && !over) {
      const sends = Promise.all(known.cool.map(each => exchange?.send(each)))
      sends.then(() => onQuiet?.()).catch(() => onQuiet?.())
    } else onQuiet?.()
    const stopWaiting = clock.after(FAREWELL_LIMIT_MS, 'printers.marlin farewell', () => onQuiet?.())
    await quiet
    stopWaiting()
    end({ kind: 'closed' })
  }

  return {
    take(message) {
      const parsed = toHost.safeParse(message)
      if (parsed.success && !over) obey(parsed.data)
    },
    orphan: () => farewell(true),
  }
}
