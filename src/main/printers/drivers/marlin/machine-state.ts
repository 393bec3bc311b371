import type { MachineState } from '../../../contract/printer.ts'
import type { StreamStatus } from './host/protocol.ts'

export type CardState = 'none' | 'printing' | 'paused' | 'cancelling'

export interface MachineFacts {
  readonly critical: boolean
  /** A prompt is shown, or the firmware says that it waits for its user. */
  readonly waits: boolean
  readonly stream: StreamStatus['state']
  readonly card: CardState
  readonly busy: boolean
}

const streaming: Partial<Record<StreamStatus['state'], MachineState>> = {
  preparing: 'preparing',
  printing: 'printing',
  pausing: 'pausing',
  paused: 'paused',
  resuming: 'resuming',
  cancelling: 'cancelling',
  finishing: 'printing',
}

/** printer-protocols 1.2: the one word for the machine, the worst first. */
export function machineOf({ critical, waits, stream, card, busy }: MachineFacts): MachineState {
  if (critical) return 'error'
  if (waits) return 'attention'
  const fromHost = streaming[stream]
  if (fromHost) return fromHost
  if (card !== 'none') return card
  return busy ? 'busy' : 'idle'
}
