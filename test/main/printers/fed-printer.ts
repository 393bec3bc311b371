import type { Snapshot } from '../../../src/main/contract/printer.ts'
import { nothing } from '../../../src/main/printers/driver/capabilities.ts'
import { noFacts } from '../../../src/main/printers/facts.ts'
import type { PrinterView } from '../../../src/main/printers/printer-view.ts'

function snapshotOf(change: Partial<Snapshot>): Snapshot {
  return {
    link: { state: 'online', since: 0 },
    machine: { state: 'idle' },
    job: { state: 'none' },
    label: 'idle',
    heaters: [],
    fans: [],
    faults: [],
    ...noFacts,
    doing: [],
    queue: [],
    device: {},
    attributes: {},
    can: { ...nothing, stream: true },
    ...change,
  }
}

/** A printer on USB, in whatever state. */
export function printerIn(change: Partial<Snapshot>, name = 'Left <one>'): PrinterView {
  return {
    id: 'p',
    name,
    driver: 'marlin',
    driverName: 'USB printer',
    address: '/dev/ttyUSB0',
    identity: undefined,
    movedFrom: undefined,
    notes: [],
    simulated: false,
    bedToClear: false,
    takesTokens: false,
    transfer: undefined,
    transferFailure: undefined,
    addedAt: 0,
    snapshot: snapshotOf(change),
  }
}

export function feed(live: boolean): NonNullable<Snapshot['feed']> {
  return {
    live,
    acknowledgedLines: 10,
    acknowledgedBytes: 200,
    sizeBytes: 1_000,
    fileLine: 12,
    aheadBytes: 500,
    resends: 0,
    underruns: 0,
    worstGapMs: 1,
    at: 0,
  }
}
