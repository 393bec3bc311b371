import type { Fault, FaultClass } from '../../../contract/printer.ts'
import type { Clock } from '../../../lib/clock.ts'
import type { SessionVoice } from '../../driver/session-voice.ts'
import { classifyFault, joinFault, type WireFault } from './wire/fault.ts'

/** What went wrong, gathered from lines that may tell one fault in two. */
export interface FaultReader {
  error(text: string): void
  /** A line that is no error: what follows it is another matter. */
  other(text: string): void
  raise(code: FaultClass, severity: Fault['severity'], text: string): void
  clear(): void
  /** The machine is stopped and waits for a reset. */
  readonly critical: boolean
}

export function createFaultReader(voice: SessionVoice, clock: Clock): FaultReader {
  let held: WireFault | undefined
  let critical = false

  const say = (code: FaultClass, severity: Fault['severity'], text: string) => {
    if (severity === 'critical') critical = true
    const recoverBy = severity === 'critical' ? 'restart' : severity === 'error' ? 'clear' : 'none'
    voice.say({
      kind: 'fault',
      fault: { class: code, severity, text: text.slice(0, 500), recoverBy, since: clock.now() },
    })
  }
  const hear = (fault: WireFault) => {
    held = joinFault(held, fault)
    // A bare number is the first half of a fault; its second half says which.
    if (!/^\d*$/.test(held.text.trim())) say(held.code, held.severity, held.text)
  }
  return {
    get critical() {
      return critical
    },
    error: text => hear(classifyFault(text)),
    other(text) {
      if (held && text.startsWith(':')) hear(classifyFault(text))
      else held = undefined
    },
    raise: say,
    clear() {
      held = undefined
      critical = false
      voice.say({ kind: 'fault-cleared' })
    },
  }
}
