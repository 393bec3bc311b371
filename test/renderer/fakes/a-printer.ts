import type { Printer } from '../../../src/renderer/stores/printers.ts'

export const paradeAt = new Date(2026, 10, 21, 13, 0).getTime()

type Snapshot = Printer['snapshot']

/** A print that this machine feeds without a hitch. */
export const aFeed = {
  live: true,
  acknowledgedLines: 100,
  acknowledgedBytes: 2_000,
  sizeBytes: 90_000,
  fileLine: 110,
  aheadBytes: 64_000,
  resends: 0,
  underruns: 0,
  worstGapMs: 3,
  at: paradeAt,
} as const

/** A printer that is ready and warm enough to tell; what a test is about is said in `over` and `state`. */
export function aPrinter(over: Partial<Printer> = {}, state: Partial<Snapshot> = {}): Printer {
  const id = over.id ?? 'p1'
  return {
    id,
    serviceId: `${id}.3dp`,
    name: 'Voron',
    driver: 'moonraker',
    driverName: 'Klipper',
    address: '192.168.1.48',
    simulated: false,
    bedToClear: false,
    addedAt: 1,
    ...over,
    snapshot: {
      link: { state: 'online', since: paradeAt - 3_600_000 },
      machine: { state: 'idle' },
      job: { state: 'none' },
      label: 'idle',
      heaters: [
        {
          id: 'nozzle0',
          kind: 'nozzle',
          index: 0,
          actualC: 245.06,
          targetC: 245,
          at: paradeAt,
          byPlugin: true,
        },
        { id: 'bed', kind: 'bed', index: 0, targetC: 0, at: paradeAt, byPlugin: true },
      ],
      fans: [],
      faults: [],
      bed: { state: 'unknown', version: 0, saidBy: 'nobody', at: paradeAt },
      holds: [],
      doing: [],
      queue: [],
      device: {},
      attributes: {},
      can: {
        pause: true,
        cancel: true,
        emergencyStop: 'gcode',
        upload: false,
        stream: false,
        files: false,
        queue: false,
        push: true,
        temperatures: true,
        home: true,
        jog: true,
        extrude: true,
        fan: true,
        macros: [],
        gcode: true,
        prompts: false,
        restart: 'none',
        clock: false,
      },
      ...state,
    },
  }
}
